//! Which tokens are believed, which keys sign, which addresses are asked, where a browser is sent.

use super::keys::Signed;
use super::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

const ISSUER: &str = "https://login.example";
const NOW: i64 = 1_800_000_000;

/// Somebody with a key.
struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Signer {
        let (way, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(way, &random).unwrap();
        Signer(EcdsaKeyPair::from_pkcs8(way, document.as_ref(), &random).unwrap())
    }

    /// The key as it is published, with what is said of it besides.
    fn published(&self, more: &[(&str, &str)]) -> Vec<Key> {
        let point = self.0.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
        let mut key = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        more.iter().for_each(|it| key[it.0] = it.1.into());
        serde_json::from_value::<Keys>(json!({ "keys": [{ "kty": "of the future" }, key] })).unwrap().keys
    }

    fn token(&self, head: &Value, claims: &Value) -> String {
        let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
        let message = format!("{}.{}", part(head), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

fn good() -> Value {
    json!({
        "iss": ISSUER, "sub": "a1", "aud": "till", "exp": NOW + 300, "iat": NOW, "nonce": "n",
        "email": "Ann@Example.com", "email_verified": true,
    })
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = good();
    claims[name] = value.into();
    claims
}

fn read(text: &str, keys: &[Key]) -> Result<Claims, TokenError> {
    token::claims(text, keys, &Expected { issuer: ISSUER, client: "till", nonce: "n", now: NOW })
}

fn head() -> Value {
    json!({ "alg": "ES256", "typ": "JWT" })
}

#[track_caller]
fn refused(claims: &Value, why: TokenError) {
    let signer = Signer::new();
    let told = read(&signer.token(&head(), claims), &signer.published(&[]));
    assert_eq!(told.unwrap_err(), why, "{claims}");
}

#[test]
fn what_the_provider_signed_for_this_sign_in_is_believed() {
    let signer = Signer::new();
    let told = read(&signer.token(&head(), &good()), &signer.published(&[])).unwrap();
    assert_eq!((told.sub.as_str(), told.mail.verified().as_deref()), ("a1", Some("ann@example.com")));
    // Twice for us and for nobody else; within a minute of the end.
    for claims in [with("aud", json!(["till"])), with("azp", "till"), with("exp", NOW - 59)] {
        assert!(read(&signer.token(&head(), &claims), &signer.published(&[])).is_ok(), "{claims}");
    }
}

#[test]
fn a_token_for_others_or_of_another_time_is_not_believed() {
    refused(&with("iss", "https://login.example/"), TokenError::Issuer);
    refused(&with("aud", "other"), TokenError::Audience);
    refused(&with("aud", json!(["till", "other"])), TokenError::Audience);
    refused(&with("aud", json!([])), TokenError::Audience);
    refused(&with("azp", "other"), TokenError::Audience);
    refused(&with("exp", NOW - 60), TokenError::Time);
    refused(&with("iat", NOW + 61), TokenError::Time);
    refused(&with("nbf", NOW + 61), TokenError::Time);
    refused(&with("nonce", "another"), TokenError::Nonce);
    refused(&with("nonce", Value::Null), TokenError::Nonce);
    refused(&with("sub", ""), TokenError::Subject);
    refused(&with("sub", "a".repeat(256)), TokenError::Subject);
    refused(&with("sub", "a\nb"), TokenError::Subject);
    refused(&with("exp", "tomorrow"), TokenError::Unreadable);
    refused(&with("exp", Value::Null), TokenError::Unreadable);
}

#[test]
fn a_signature_of_others_is_none() {
    let (signer, other) = (Signer::new(), Signer::new());
    let text = signer.token(&head(), &good());
    assert_eq!(read(&text, &other.published(&[])).unwrap_err(), TokenError::Signature);
    assert_eq!(read(&text, &[]).unwrap_err(), TokenError::Signature);
    // Another's claims under a signature that was right, and the other way round.
    let parts: Vec<&str> = text.split('.').collect();
    let forged = URL_SAFE_NO_PAD.encode(with("email", "eve@example.com").to_string());
    let swapped = [parts[0], &forged, parts[2]].join(".");
    assert_eq!(read(&swapped, &signer.published(&[])).unwrap_err(), TokenError::Signature);
    for cut in [format!("{}.{}.", parts[0], parts[1]), format!("{}.{}", parts[0], parts[1]), String::new()] {
        assert!(read(&cut, &signer.published(&[])).is_err(), "{cut}");
    }
}

#[test]
fn an_algorithm_without_a_public_key_is_none() {
    let signer = Signer::new();
    for head in [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256" }),
        json!({ "alg": "es256" }),
        json!({ "alg": "ES256", "crit": ["exp"] }),
    ] {
        let told = read(&signer.token(&head, &good()), &signer.published(&[]));
        assert!(matches!(told, Err(TokenError::Algorithm(_))), "{head}: {told:?}");
    }
    // The key is of another kind than the algorithm.
    for algorithm in ["RS256", "PS512", "ES384", "EdDSA"] {
        let text = signer.token(&json!({ "alg": algorithm }), &good());
        assert_eq!(read(&text, &signer.published(&[])).unwrap_err(), TokenError::Signature);
    }
}

#[test]
fn a_key_is_for_what_is_said_of_it() {
    let signer = Signer::new();
    let named = signer.token(&json!({ "alg": "ES256", "kid": "k1" }), &good());
    for good in [&[][..], &[("kid", "k1")], &[("use", "sig"), ("alg", "ES256")]] {
        assert!(read(&named, &signer.published(good)).is_ok(), "{good:?}");
    }
    for bad in [("kid", "k2"), ("use", "enc"), ("alg", "ES384"), ("kty", "RSA"), ("crv", "P-384"), ("x", "*")]
    {
        assert_eq!(read(&named, &signer.published(&[bad])).unwrap_err(), TokenError::Signature, "{bad:?}");
    }
}

/// Source: RFC 8037, A.4 and A.5.
#[test]
fn a_signature_of_the_specification_is_right() {
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let keys = serde_json::from_value::<Keys>(json!({ "keys": [key] })).unwrap().keys;
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".as_slice();
    let signed = Signed { algorithm: "EdDSA", kid: None, message, signature: &signature };
    assert!(signed.is_by(&keys));
    assert!(!Signed { message: &message[1..], ..signed }.is_by(&keys));
}

#[test]
fn a_mail_address_counts_when_the_provider_verified_it() {
    let mail = |claims: Value| serde_json::from_value::<Mail>(claims).unwrap().verified();
    assert_eq!(mail(good()).as_deref(), Some("ann@example.com"));
    for verified in [json!(false), json!("true"), json!(1), Value::Null] {
        assert_eq!(mail(with("email_verified", verified)), None);
    }
    assert_eq!(mail(with("email", "no address")), None);
    assert_eq!(mail(json!({ "email_verified": true })), None);
}

fn registration(issuer: &str) -> Registration {
    let (client_id, client_secret) = ("till".to_string(), "of both".to_string());
    Registration { issuer: issuer.into(), client_id, client_secret, name: None, domains: Vec::new() }
}

#[test]
fn a_provider_is_asked_over_tls_or_on_this_machine() {
    let discovery = |issuer: &str| registration(issuer).discovery().map(String::from);
    let place = "/.well-known/openid-configuration";
    for issuer in ["https://login.example", "https://login.example/realm", "http://127.0.0.1:9400"] {
        assert_eq!(discovery(issuer), Ok(format!("{issuer}{place}")));
        assert_eq!(discovery(&format!("{issuer}/")), Ok(format!("{issuer}{place}")));
    }
    for issuer in
        ["http://login.example", "ftp://login.example", "login.example", "https://a:b@login.example", ""]
    {
        assert!(discovery(issuer).is_err(), "{issuer}");
    }
    assert_eq!(discovery("https://login.example/?a=b"), Err(IssuerError::Parts));
    assert_eq!(registration("https://login.example/realm").shown(), "login.example");
    assert!(!format!("{:?}", registration(ISSUER)).contains("of both"));
}

#[test]
fn nobody_is_sent_to_a_provider_that_was_not_found() {
    let provider = Provider::new(registration(ISSUER)).unwrap();
    let journey = Journey { state: "s", nonce: "n", verifier: "v", back: "https://console.example/back" };
    assert!(!provider.is_there());
    assert!(matches!(provider.departure(journey), Err(OidcError::Away(_))));
}

/// The hash is that of RFC 7636, appendix B.
#[test]
fn a_browser_takes_state_nonce_and_the_hash_of_the_verifier_along() {
    let provider = Provider::new(registration(ISSUER)).unwrap();
    let url = |path: &str| registration::address(&format!("{ISSUER}{path}")).unwrap();
    let found = Found {
        authorize: url("/authorize?tenant=7"),
        token: url("/token"),
        person: None,
        proof: Proof::InHead,
        keys: Vec::new(),
    };
    *provider.found.write().unwrap() = Some(Arc::new(found));
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let journey =
        Journey { state: "1.a./bills?x=1&y", nonce: "n", verifier, back: "https://console.example/back" };
    assert_eq!(
        provider.departure(journey).unwrap(),
        "https://login.example/authorize?tenant=7&response_type=code&client_id=till\
         &redirect_uri=https%3A%2F%2Fconsole.example%2Fback&scope=openid+email&state=1.a.%2Fbills%3Fx%3D1%26y&nonce=n\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    );
}
