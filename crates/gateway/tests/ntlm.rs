//! Calls to an API behind NTLM: each credential on connections of its own, on both ways.

use crate::front::{Front, to};
use crate::pieces::Pieces;
use crate::world::{World, echo, json_body, request};
use connection::{Begun, Purpose, Selector, SignInProgress};
use flow::{Answers, Input, Silent, Source};
use gateway::{Call, CallBody, CallError, Target};
use http::{Method, Request};
use std::collections::HashMap;
use std::sync::Arc;
use testkit::{NtlmRules, NtlmSite, Received};

const INTRANET: &str = r#"
auth_flow: { steps: [ { id: form1, kind: form, fields: [ { key: name }, { key: password, type: password, default: correct horse } ] } ] }
sign_in: { kind: ntlm, username: "{{form1.name}}", password: "{{form1.password}}", domain: CORP }
endpoints:
  - { name: me, request: { method: GET, url: "{{base_url}}/me" } }
  - { name: own, request: { method: GET, url: "{{base_url}}/me", sign_in: { kind: ntlm, username: 'CORP\bob', password: battery staple } } }
  - { name: bare, attach: false, request: { method: GET, url: "{{base_url}}/open" } }
"#;

/// One more person's connection; its id.
async fn joined_by(world: &World, owner: &str, name: &str, password: &str) -> String {
    let selector = Selector {
        owner: owner.to_owned(),
        name: None,
    };
    let mut answers = Answers::new();
    answers.put("form1", "name", name, Source::Given);
    answers.put("form1", "password", password, Source::Given);
    let begun = world
        .connections
        .sign_in(&world.equipped, selector, answers, Purpose::Asked)
        .await
        .unwrap();
    let Begun::Started(mut sign_in) = begun else {
        panic!("{begun:?}")
    };
    match sign_in.advance(Input::Begin, &mut Silent).await {
        Ok(SignInProgress::Done(handle)) => handle.id().to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn me(world: &World, id: &str) -> Result<gateway::Answer, CallError> {
    let call = Call {
        target: Target::Endpoint {
            name: "me".to_owned(),
            parameters: Vec::new(),
        },
        body: CallBody::Empty,
    };
    gateway::call(
        &world.connections,
        &world.equipped,
        Some(id),
        call,
        &mut Silent,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_39_each_call_is_its_own_persons() {
    let site = NtlmSite::start(NtlmRules::default());
    let world = World::with_answers(
        &site.upstream().origin(),
        INTRANET,
        &[("form1", "password", "correct horse")],
    )
    .await;
    let bob = joined_by(&world, "another", "bob", "battery staple").await;
    let mut whose: HashMap<u64, &str> = HashMap::new();
    let alice = world.id.clone();
    let world = Arc::new(world);
    let calls: Vec<_> = (0..200)
        .map(|number| {
            let (id, person) = match number % 2 {
                0 => (alice.clone(), "CORP\\alice"),
                _ => (bob.clone(), "CORP\\bob"),
            };
            let world = world.clone();
            tokio::spawn(async move { (echo(me(&world, &id).await.unwrap()).await, person) })
        })
        .collect();
    for call in calls {
        let (said, person) = call.await.unwrap();
        assert_eq!(said["user"], person);
        let connection = said["connection"].as_u64().unwrap();
        assert_eq!(*whose.entry(connection).or_insert(person), person);
    }
    assert_eq!(site.refusals(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_sign_connections_in() {
    let site = NtlmSite::start(NtlmRules::default());
    let world = World::with_answers(
        &site.upstream().origin(),
        INTRANET,
        &[("form1", "password", "correct horse")],
    )
    .await;
    let theirs = [("Authorization", "NTLM theirs"), ("X-A", "b")];
    let answer = world
        .call(request(Method::POST, "/notes", &theirs, json_body("{}")))
        .await
        .unwrap();
    let said = echo(answer).await;
    assert_eq!(
        (&said["user"], &said["body"]),
        (&"CORP\\alice".into(), &"{}".into())
    );
    let front = Front::of(&world).await;
    let got = front.got(to(Method::POST, "/notes", &theirs, "{}")).await;
    assert_eq!((got.status, got.attempts()), (200, 1));
    assert_eq!(
        (&got.json()["user"], &got.json()["body"]),
        (&"CORP\\alice".into(), &"{}".into())
    );
    // The second found the first one's connection.
    assert_eq!(
        (site.proofs(), got.json()["connection"].as_u64()),
        (1, said["connection"].as_u64())
    );
    for (name, user) in [
        ("me", Some("CORP\\alice")),
        ("own", Some("CORP\\bob")),
        ("bare", None),
    ] {
        let said = echo(world.endpoint(name).await.unwrap()).await;
        assert_eq!(said["user"].as_str(), user, "{name}");
        let call = Request::post(format!("/call/{name}")).body(Pieces::default());
        let got = front.got(call.unwrap()).await;
        assert_eq!(got.json()["user"].as_str(), user, "{name}");
    }
    for seen in site.upstream().requests() {
        assert_ne!(seen.header("authorization"), Some("NTLM theirs"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_40_a_server_without_version_2_is_the_definitions_business() {
    let site = NtlmSite::start(NtlmRules {
        target_info: false,
        ..NtlmRules::default()
    });
    let world = World::with_answers(
        &site.upstream().origin(),
        INTRANET,
        &[("form1", "password", "correct horse")],
    )
    .await;
    let refused = world.endpoint("me").await.unwrap_err();
    assert!(
        matches!(
            &refused,
            CallError::Definition {
                code: "sign_in_unusable",
                ..
            }
        ),
        "{refused:?}"
    );
    assert!(
        refused.to_string().contains("offers no NTLMv2"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_41_an_endpoint_elsewhere_gets_no_proof() {
    let site = NtlmSite::start(NtlmRules::default());
    let trap = NtlmSite::start(NtlmRules::default());
    let definition = INTRANET.to_owned()
        + &format!(
            "  - {{ name: away, request: {{ method: GET, url: \"{}/me\" }} }}\n  - {{ name: led, redirects: follow, request: {{ method: GET, url: \"{{{{base_url}}}}/to\", query: {{ url: \"{}/me\" }} }} }}\n",
            trap.upstream().origin(),
            trap.upstream().origin()
        );
    let world = World::with_answers(
        &site.upstream().origin(),
        &definition,
        &[("form1", "password", "correct horse")],
    )
    .await;
    for name in ["away", "led"] {
        assert_eq!(world.endpoint(name).await.unwrap().status, 401, "{name}");
    }
    let caught = trap.upstream().requests();
    assert!(!caught.is_empty() && trap.proofs() == 0);
    for seen in caught {
        assert_eq!(seen.header("authorization"), None);
    }
}
