//! Tokens that are bound to a key (RFC 9449), from an authorization server that believes no proof.

use std::time::UNIX_EPOCH;

use flow::{Credential, Input, Progress, open_credential, seal_credential};
use model::Connector;
use serde_json::json;
use testkit::{DpopSite, Received, proof_claims};
use url::Url;

use crate::world::{Expect, NOW, World, connector, value};

const DEFINITION: &str = r#"
auth_flow:
  steps:
    - { id: login, kind: oauth2_client_credentials, token_url: "BASE/token", client_id: c-1, dpop: true }
    - { id: me, kind: api_request, request: { method: GET, url: "{{base_url}}/moved?x=1", headers: { Authorization: "DPoP {{login.access_token}}" } } }
refresh_flow: { steps: [{ id: renew, kind: oauth2_refresh, of: login }] }
request_parameters: [{ in: header, name: Authorization, value: "DPoP {{login.access_token}}" }]
"#;

/// A credential as after a restart.
fn stored(credential: &Credential) -> Credential {
    open_credential(&seal_credential(credential).unwrap()).unwrap()
}

#[tokio::test]
async fn attack_44_each_request_is_proved_by_the_credentials_own_key() {
    let site = DpopSite::start(NOW);
    let connector = connector(&site.origin(), DEFINITION);
    let mut world = World::new();
    let first = world.sign_in(&connector, &[]).await;
    assert_eq!(value(&first, "me", "/status"), json!(200));
    assert_eq!(value(&first, "me", "/body/path"), json!("/api/there"));
    assert_eq!(site.keys().len(), 1);
    let renewed = world.refresh(&connector, &stored(&first)).await.done();
    assert_ne!(
        value(&renewed, "login", "/access_token"),
        value(&first, "login", "/access_token")
    );
    world.refresh(&connector, &stored(&renewed)).await.done();
    assert_eq!(site.keys().len(), 1);
    world.sign_in(&connector, &[]).await;
    assert_eq!((site.keys().len(), site.refused()), (2, Vec::new()));
    // A hop to another address has a proof of its own.
    let at = |path: &str| proof_claims(&site.upstream().requests_to(path)[0]);
    assert_eq!(at("/moved")["htu"], format!("{}/moved", site.origin()));
    assert_eq!(
        at("/api/there")["htu"],
        format!("{}/api/there", site.origin())
    );
}

#[tokio::test]
async fn attack_44_a_nonce_is_answered_once_and_then_remembered() {
    let site = DpopSite::start(NOW);
    site.want_nonces();
    let connector = connector(&site.origin(), DEFINITION);
    let mut world = World::new();
    let credential = world.sign_in(&connector, &[]).await;
    let sent = |path| site.upstream().requests_to(path).len();
    // Asked for once at the token endpoint, and once at the API, also after a redirect.
    assert_eq!(
        (sent("/token"), sent("/moved"), sent("/api/there")),
        (2, 2, 1)
    );
    let credential = world.refresh(&connector, &stored(&credential)).await.done();
    assert_eq!(sent("/token"), 3);
    site.want_nonces();
    world.refresh(&connector, &stored(&credential)).await.done();
    assert_eq!((sent("/token"), site.refused()), (5, Vec::new()));
}

#[tokio::test]
async fn attack_44_a_server_that_is_never_content_with_the_nonce_is_not_asked_for_ever() {
    let upstream = testkit::Upstream::start(|_| {
        testkit::Reply::json(json!({ "error": "use_dpop_nonce" }))
            .with_status(400)
            .header("DPoP-Nonce", "n")
    });
    let connector = connector(&upstream.origin(), DEFINITION);
    let failure = World::new().begin(&connector, &[]).await.1.failed();
    assert_eq!((failure.code, failure.status), ("token_refused", Some(400)));
    assert_eq!(upstream.requests().len(), 2);
}

#[tokio::test]
async fn a_token_that_is_not_bound_is_not_taken_for_one() {
    let site = DpopSite::start(NOW);
    let connector = connector(&site.origin(), DEFINITION);
    let mut world = World::new();
    let credential = world.sign_in(&connector, &[]).await;
    site.bind_nothing();
    let failure = world.begin(&connector, &[]).await.1.failed();
    assert_eq!(failure.code, "token_not_bound");
    assert!(failure.message.contains("`Bearer`"), "{}", failure.message);
    // A renewal worked before, so it changes nothing.
    let failure = world.refresh(&connector, &credential).await.failed();
    assert_eq!(
        (failure.code, failure.is_refused()),
        ("token_not_bound", false)
    );
}

const PUSHED: &str = r#"
secrets: [key]
auth_flow:
  steps:
    - { id: login, kind: oauth2_pkce, client_id: c-1, client_key: "{{secrets.key}}", authorization_url: "BASE/authorize", token_url: "BASE/token", par_url: "BASE/par", dpop: true, authorization_parameters: { dpop_jkt: theirs } }
"#;

async fn come_back(world: &mut World, connector: &Connector, pushed: bool) -> (Credential, Url) {
    let (mut run, progress) = world.begin(connector, &[]).await;
    let open = progress.open();
    assert_eq!(open.url.query().unwrap().contains("request_uri"), pushed);
    let back = format!(
        "{}?code=c&state={}",
        crate::world::CALLBACK,
        open.state.unwrap()
    );
    let input = Input::Callback(back.parse().unwrap());
    (
        world.advance(connector, &mut run, input).await.done(),
        open.url,
    )
}

#[tokio::test]
async fn a_code_is_bound_to_the_key_from_the_first_request_on() {
    let site = DpopSite::start(NOW);
    let keys: serde_json::Value =
        serde_json::from_str(include_str!("../src/jose/keys.json")).unwrap();
    let mut world = World::new();
    let key = keys["pem"]["p256 sec1"].as_str().unwrap().to_owned();
    world.secrets.insert("key", secret::SecretString::new(key));
    let pushed = connector(&site.origin(), PUSHED);
    come_back(&mut world, &pushed, true).await;
    site.want_nonces();
    come_back(&mut world, &pushed, true).await;
    let requests = site.upstream().requests_to("/par");
    assert_eq!((requests.len(), site.refused()), (3, Vec::new()));
    let statement = |at: usize| requests[at].form_value("client_assertion").unwrap();
    assert_ne!(
        statement(1),
        statement(2),
        "what a client signs is good once"
    );
    // Not pushed, the thumbprint travels by the browser.
    let plain = connector(
        &site.origin(),
        &PUSHED.replace(r#" par_url: "BASE/par","#, ""),
    );
    let (_, url) = come_back(&mut world, &plain, false).await;
    let carried: Vec<_> = url
        .query_pairs()
        .filter(|(name, _)| name == "dpop_jkt")
        .map(|(_, jkt)| jkt.into_owned())
        .collect();
    assert_eq!(carried.len(), 1);
    assert!(site.keys().contains(&carried[0]));
}

#[tokio::test]
async fn a_device_code_is_exchanged_for_a_bound_token() {
    let site = DpopSite::start(NOW);
    let definition = r#"
auth_flow: { steps: [{ id: login, kind: device_code, device_authorization_url: "BASE/device", token_url: "BASE/token", client_id: tv, dpop: true }] }
"#;
    let connector = connector(&site.origin(), definition);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let Progress::Wait { until, .. } = progress else {
        panic!("{progress:?}")
    };
    let until = until.duration_since(UNIX_EPOCH).unwrap().as_secs();
    world.clock.set(i64::try_from(until).unwrap());
    let credential = world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .done();
    assert_eq!(value(&credential, "login", "/token_type"), json!("DPoP"));
    assert_eq!(site.refused(), Vec::<String>::new());
}
