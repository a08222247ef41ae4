//! Calls whose token is bound to a key (RFC 9449), on both ways.

use crate::front::{Front, to};
use crate::world::{NOW, World, json_body, request};
use http::Method;
use serde_json::json;
use testkit::{DpopSite, Received, proof_claims};

const BOUND: &str = r#"
auth_flow: { steps: [{ id: login, kind: oauth2_client_credentials, token_url: "BASE/token", client_id: c-1, dpop: true }] }
request_parameters: [{ in: header, name: Authorization, value: "{{login.token_type}} {{login.access_token}}" }]
"#;

async fn sent(
    world: &World,
    front: Option<&Front>,
    path: &str,
    body: &str,
) -> (u16, u8, serde_json::Value) {
    // A caller's own proof is no use to anybody.
    let headers = [("DPoP", "theirs"), ("Authorization", "DPoP theirs")];
    if let Some(front) = front {
        let got = front.got(to(Method::POST, path, &headers, body)).await;
        return (got.status, got.attempts(), got.json());
    }
    let call = request(Method::POST, path, &headers, json_body(body));
    let answer = world.call(call).await.unwrap();
    let (status, attempts) = (answer.status.as_u16(), answer.attempts);
    let body = answer.read(1 << 20).await.unwrap();
    (
        status,
        attempts,
        serde_json::from_slice(&body).unwrap_or_default(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_44_each_sending_has_a_proof_of_its_own_and_a_nonce_is_no_renewal() {
    for through_the_front in [false, true] {
        let site = DpopSite::start(NOW);
        let world = World::at(&site.origin(), BOUND).await;
        let front = Front::of(&world).await;
        let front = Some(&front).filter(|_| through_the_front);
        let (status, attempts, body) = sent(&world, front, "/api/x?y=z", "{}").await;
        assert_eq!((status, attempts), (200, 1));
        assert_eq!(
            body,
            json!({ "method": "POST", "path": "/api/x", "body": "{}" })
        );

        // The nonce belongs to one sending: nothing is renewed, and the next call knows it.
        site.want_nonces();
        for calls in [2, 1] {
            site.upstream().forget_requests();
            let (status, attempts, _) = sent(&world, front, "/api/x", "{}").await;
            assert_eq!((status, attempts), (200, 1));
            assert_eq!(site.upstream().requests().len(), calls);
        }

        // A session that is over is renewed as any other, and the call is proved anew.
        site.end_tokens();
        let (status, attempts, _) = sent(&world, front, "/api/x", "{}").await;
        assert_eq!((status, attempts), (200, 2));
        assert_eq!(site.refused(), Vec::<String>::new());
        let proofs: std::collections::HashSet<_> = site
            .upstream()
            .requests()
            .iter()
            .map(|request| proof_claims(request)["jti"].to_string())
            .collect();
        assert_eq!(proofs.len(), site.upstream().requests().len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_44_a_body_that_is_gone_is_not_sent_again_and_starts_no_renewal() {
    let site = DpopSite::start(NOW);
    let world = World::at(&site.origin(), BOUND).await;
    let front = Front::of(&world).await;
    site.want_nonces();
    site.upstream().forget_requests();
    let large = "x".repeat(2 << 20);
    let got = front.got(to(Method::POST, "/api/x", &[], &large)).await;
    assert_eq!((got.status, got.attempts()), (401, 1));
    assert!(
        got.header("www-authenticate")
            .unwrap()
            .contains("use_dpop_nonce")
    );
    assert_eq!(site.upstream().requests().len(), 1);
    let got = front.got(to(Method::POST, "/api/x", &[], &large)).await;
    assert_eq!((got.status, got.attempts()), (200, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_44_a_proof_goes_to_the_connectors_origins_alone() {
    let site = DpopSite::start(NOW);
    let elsewhere = testkit::Upstream::start(|_| testkit::Reply::status(200));
    let definition = format!(
        "{BOUND}endpoints:\n  - {{ name: away, request: {{ method: GET, url: \"{}/x\", headers: {{ Authorization: \"DPoP a\" }} }} }}\n",
        elsewhere.origin()
    );
    let world = World::at(&site.origin(), &definition).await;
    assert_eq!(world.endpoint("away").await.unwrap().status, 200);
    assert_eq!(elsewhere.last_request().header("dpop"), None);
}
