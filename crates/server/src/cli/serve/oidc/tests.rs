//! What the settings of a provider must say.

use super::*;

fn whole() -> Settings {
    Settings {
        public_url: "https://console.example".into(),
        oidc_issuer: Some("https://login.example".into()),
        oidc_client_id: Some("till".into()),
        oidc_client_secret: Some("of both".into()),
        oidc_operator_domains: vec!["cloud.example".into()],
        ..Settings::default()
    }
}

#[track_caller]
fn lacks(settings: &Settings, word: &str) {
    let told = format!("{:#}", registration(settings).unwrap_err());
    assert!(told.contains(word), "{told}");
}

#[test]
fn without_a_provider_there_is_none() {
    assert_eq!(registration(&Settings::default()).unwrap(), None);
    let found = registration(&whole()).unwrap().unwrap();
    assert_eq!((found.client_id.as_str(), found.shown().as_str()), ("till", "login.example"));
}

#[test]
fn it_is_said_when_any_mail_address_would_do_for_the_operators_people() {
    let warned = |settings: &Settings| warning(&registration(settings).unwrap().unwrap());
    assert_eq!(warned(&whole()), None);
    let any = Settings { oidc_operator_domains: Vec::new(), ..whole() };
    assert!(warned(&any).unwrap().contains("--oidc-operator-domains"));
}

#[test]
fn what_is_missing_or_cannot_be_is_named() {
    lacks(&Settings { oidc_issuer: None, ..whole() }, "--oidc-issuer is missing");
    lacks(&Settings { oidc_client_id: None, ..whole() }, "--oidc-client-id is missing");
    lacks(
        &Settings { oidc_client_secret: Some(String::new()), ..whole() },
        "--oidc-client-secret is missing",
    );
    lacks(&Settings { public_url: String::new(), ..whole() }, "--public-url is missing");
    let open = Settings { oidc_issuer: Some("http://login.example".into()), ..whole() };
    lacks(&open, "--oidc-issuer: http://login.example is neither https nor on this machine");
    let domain = Settings { oidc_operator_domains: vec!["a@b.example".into()], ..whole() };
    lacks(&domain, "--oidc-operator-domains: `a@b.example`");
}
