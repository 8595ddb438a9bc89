//! Signatures as others compute them; what is sealed opens for its purpose only.

use super::*;

fn key(byte: u8) -> InstallationKey {
    InstallationKey::parse(&format!("{KEY}{}", hex(&[byte; SEED]))).unwrap()
}

/// The first test of RFC 8032, section 7.1: the seed, its public half, and the signature of nothing.
#[test]
fn a_signature_is_what_the_standard_says() {
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let key = InstallationKey::parse(&format!("{KEY}{seed}\n")).unwrap();
    let public = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_eq!(key.public(), public);
    let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd\
                     25bf5f0595bbe24655141438e7a100b";
    assert_eq!(key.sign(b""), signature);
    assert!(is_signed(public, b"", signature));
    assert!(!is_signed(public, b"x", signature) && !is_signed(&self::key(1).public(), b"", signature));
}

#[test]
fn what_is_sealed_opens_with_its_key_and_for_its_purpose_only() {
    let (one, other) = (key(1), key(2));
    let sealed = one.seal("a", "whsec_secret").unwrap();
    assert!(is_sealed(&sealed) && !sealed.contains("secret"), "{sealed}");
    assert_ne!(sealed, one.seal("a", "whsec_secret").unwrap(), "never the same twice");
    assert_eq!(one.seal("a", &sealed).unwrap(), sealed, "once is enough");
    assert_eq!(open(Some(&one), "a", &sealed).as_deref(), Ok("whsec_secret"));
    assert_eq!(open(Some(&one), "b", &sealed), Err(InstallationError::NotOpened));
    assert_eq!(open(Some(&other), "a", &sealed), Err(InstallationError::NotOpened));
    assert_eq!(open(None, "a", &sealed), Err(InstallationError::NoKey));
    assert_eq!(open(None, "a", "whsec_plain").as_deref(), Ok("whsec_plain"));
}

#[test]
fn a_text_that_is_no_key_is_refused() {
    for text in ["", "till_installation_", "till_installation_00", "till_live_00"] {
        assert_eq!(InstallationKey::parse(text).unwrap_err(), InstallationError::Unreadable, "{text}");
    }
    let fresh = fresh().unwrap();
    assert!(InstallationKey::parse(&fresh).is_ok());
    assert!(!format!("{:?}", InstallationKey::parse(&fresh).unwrap()).contains(&fresh[KEY.len()..]));
}
