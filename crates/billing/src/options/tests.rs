//! One spelling for a spec.

use super::*;

/// Source: R-QCS-5.
#[test]
fn a_spec_has_one_spelling() {
    for text in ["1U1G1P4", "1U1G,1P4", "1U1G，1P4", "1u1g, 1p4", " 1U1G 1P4 "] {
        assert_eq!(canonical_spec(text), "1U1G,1P4", "{text}");
    }
    assert_eq!(canonical_spec("1u2g"), "1U2G");
    for odd in ["", "U", "G", "1G1U", "é,U，G", "1U1G,"] {
        let _ = canonical_spec(odd);
    }
}

#[test]
fn options_read_back() {
    let options = Options::parse("region=guangzhou spec=1U1G,1P4").unwrap();
    assert_eq!(options.to_string(), "region=guangzhou spec=1U1G,1P4");
    assert_eq!(Options::parse("region"), None);
}
