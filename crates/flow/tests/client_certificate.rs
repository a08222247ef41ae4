//! Clients that show a certificate (RFC 8705).

use outbound::{Client, Egress, Settings};
use secret::SecretString;
use serde_json::json;
use testkit::{Authority, Received, Reply, Upstream};

use crate::world::{Expect, World, connector, value};

/// A world that trusts `authority`, with a client's certificate of `clients`.
fn world(authority: &Authority, clients: &Authority) -> World {
    let mut world = World::new();
    let settings = Settings {
        egress: Egress::new(vec!["127.0.0.0/8".parse().unwrap()]),
        ca_file_pem: Some(authority.pem().into_bytes()),
        ..Settings::default()
    };
    world.engine.client = Client::new(settings).unwrap();
    for name in ["one", "two"] {
        let (certificate, key) = clients.client(&format!("{name}.example"));
        let mut put = |field: &str, value: String| {
            world
                .secrets
                .insert(format!("{name}_{field}"), SecretString::new(value));
        };
        put("certificate", certificate);
        put("key", key);
    }
    world
}

fn bank(authority: &Authority, clients: &Authority) -> Upstream {
    Upstream::builder()
        .tls_between(authority, clients)
        .start(|request| {
            let client = request.client().map(str::to_owned);
            Reply::json(json!({ "access_token": "a-1", "client": client, "form": request.text() }))
        })
}

#[tokio::test]
async fn each_certificate_has_connections_of_its_own() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let bank = bank(&authority, &clients);
    let definition = r#"
secrets: [one_certificate, one_key, two_certificate, two_key]
client_certificate: { certificate: "{{secrets.two_certificate}}", key: "{{secrets.two_key}}" }
auth_flow:
  steps:
    - { id: one, kind: oauth2_client_credentials, token_url: "BASE/token", client_id: c-1, client_auth: tls_client_auth, client_certificate: "{{secrets.one_certificate}}", client_key: "{{secrets.one_key}}" }
    - { id: two, kind: oauth2_client_credentials, token_url: "BASE/token", client_id: c-2, client_auth: tls_client_auth }
    - { id: api, kind: api_request, request: { method: GET, url: "{{base_url}}/me" } }
    - { id: again, kind: oauth2_client_credentials, token_url: "BASE/token", client_id: c-1, client_certificate: "{{secrets.one_certificate}}", client_key: "{{secrets.one_key}}" }
"#;
    let connector = connector(&bank.origin(), definition);
    let credential = world(&authority, &clients).sign_in(&connector, &[]).await;
    let shown = |step: &str, pointer: &str| value(&credential, step, pointer);
    assert_eq!(shown("one", "/client"), shown("again", "/client"));
    assert_eq!(shown("two", "/client"), shown("api", "/body/client"));
    assert_ne!(shown("one", "/client"), shown("two", "/client"));
    assert_eq!(
        shown("one", "/form"),
        "grant_type=client_credentials&client_id=c-1"
    );
    assert_eq!(bank.connections(), 2);
}

#[tokio::test]
async fn a_certificate_or_key_that_cannot_be_used_is_named_by_its_field() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let bank = bank(&authority, &clients);
    let table = [
        (
            r#"client_certificate: "{{secrets.one_key}}", client_key: "{{secrets.one_key}}""#,
            "`login.client_certificate` holds no certificate in PEM.",
        ),
        (
            r#"client_certificate: "{{secrets.one_certificate}}", client_key: "{{secrets.two_key}}""#,
            "`login.client_key` does not fit: it is not the key of the certificate.",
        ),
        (
            r#"client_certificate: "{{secrets.one_certificate}}", client_key: plain"#,
            "`login.client_key` holds no private key in PEM.",
        ),
    ];
    for (keys, said) in table {
        let definition = format!(
            "secrets: [one_certificate, one_key, two_key]\nauth_flow: {{ steps: [{{ id: login, kind: oauth2_client_credentials, token_url: \"BASE/token\", client_id: c, {keys} }}] }}\n"
        );
        let connector = connector(&bank.origin(), &definition);
        let failure = world(&authority, &clients)
            .begin(&connector, &[])
            .await
            .1
            .failed();
        assert_eq!(
            (failure.code, failure.message.as_str()),
            ("certificate_unusable", said)
        );
    }
    let definition = r#"
secrets: [one_certificate, two_key]
client_certificate: { certificate: "{{secrets.one_certificate}}", key: "{{secrets.two_key}}" }
auth_flow: { steps: [{ id: api, kind: api_request, request: { method: GET, url: "{{base_url}}/me" } }] }
"#;
    let connector = connector(&bank.origin(), definition);
    let failure = world(&authority, &clients)
        .begin(&connector, &[])
        .await
        .1
        .failed();
    assert!(
        failure
            .message
            .contains("`client_certificate.key` does not fit"),
        "{}",
        failure.message
    );
    assert!(bank.requests().is_empty());
}

#[tokio::test]
async fn who_shows_nothing_is_not_let_in_and_nothing_is_shown_elsewhere() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let bank = bank(&authority, &clients);
    let bare = "auth_flow: { steps: [{ id: api, kind: api_request, request: { method: GET, url: \"{{base_url}}/me\" } }] }\n";
    let progress = world(&authority, &clients)
        .begin(&connector(&bank.origin(), bare), &[])
        .await
        .1;
    progress.failed();
    assert!(bank.requests().is_empty());
    // Another host that asks for certificates, by a redirect and by an address written out, sees none.
    let other = Upstream::builder()
        .tls_between(&authority, &clients)
        .start(|_| Reply::status(200));
    let to = other.url("/x");
    let away = Upstream::builder()
        .tls_between(&authority, &clients)
        .start(move |_| Reply::redirect(&to));
    let shown = "secrets: [one_certificate, one_key]\nclient_certificate: { certificate: \"{{secrets.one_certificate}}\", key: \"{{secrets.one_key}}\" }\n";
    for url in ["{{base_url}}/me".to_owned(), other.url("/x")] {
        let definition = format!(
            "{shown}auth_flow: {{ steps: [{{ id: api, kind: api_request, request: {{ method: GET, url: \"{url}\" }} }}] }}\n"
        );
        let progress = world(&authority, &clients)
            .begin(&connector(&away.origin(), &definition), &[])
            .await
            .1;
        progress.failed();
    }
    assert_eq!((away.requests().len(), other.requests().len()), (1, 0));
}

#[tokio::test]
async fn a_certificate_is_not_shown_without_encryption() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let plain = Upstream::start(|_| Reply::status(200));
    let definition = r#"
secrets: [one_certificate, one_key]
auth_flow: { steps: [{ id: login, kind: oauth2_client_credentials, token_url: "BASE/token", client_id: c, client_certificate: "{{secrets.one_certificate}}", client_key: "{{secrets.one_key}}" }] }
"#;
    let progress = world(&authority, &clients)
        .begin(&connector(&plain.origin(), definition), &[])
        .await
        .1;
    let failure = progress.failed();
    assert!(
        failure.message.contains("over https alone"),
        "{}",
        failure.message
    );
    assert!(plain.requests().is_empty());
}

#[tokio::test]
async fn an_issuer_names_other_addresses_for_clients_that_show_one() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let bank = bank(&authority, &clients);
    let token = bank.url("/token");
    let issuer = Upstream::builder().tls(&authority).start(move |request| {
        let issuer = format!("https://{}", request.header("host").unwrap());
        Reply::json(json!({ "issuer": issuer, "token_endpoint": format!("{issuer}/token"), "mtls_endpoint_aliases": { "token_endpoint": token } }))
    });
    let definition = r#"
secrets: [one_certificate, one_key]
auth_flow: { steps: [{ id: login, kind: oauth2_client_credentials, issuer: "BASE", client_id: c, client_certificate: "{{secrets.one_certificate}}", client_key: "{{secrets.one_key}}" }] }
"#;
    world(&authority, &clients)
        .sign_in(&connector(&issuer.origin(), definition), &[])
        .await;
    assert_eq!(bank.requests_to("/token").len(), 1);
}
