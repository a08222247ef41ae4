//! `ntlm`: a step that signs its connection in, and a request that does.

use serde_json::json;
use testkit::{NtlmRules, NtlmSite, Received};

use crate::world::{Expect, World, connector, value};

fn step(account: &str, request: &str) -> String {
    format!(
        "auth_flow:\n  steps:\n    - {{ id: form1, kind: form, fields: [ {{ key: user }}, {{ key: word, type: password }} ] }}\n    - {{ id: page, kind: ntlm, {account}, request: {request} }}\nsign_in: {{ kind: bearer, token: \"{{{{page.body.user}}}}\" }}\n"
    )
}

const TYPED: &str = r#"username: "{{form1.user}}", password: "{{form1.word}}", workstation: HERE"#;
const ALICE: [(&str, &str, &str); 2] = [
    ("form1", "user", "CORP\\alice"),
    ("form1", "word", "correct horse"),
];

#[tokio::test]
async fn a_step_signs_in_and_leaves_the_reply_as_outputs() {
    let site = NtlmSite::start(NtlmRules::default());
    let request = r#"{ method: POST, url: "{{base_url}}/notes", json: { a: 1 } }"#;
    let definition = connector(&site.upstream().origin(), &step(TYPED, request));
    let credential = World::new().sign_in(&definition, &ALICE).await;
    assert_eq!(value(&credential, "page", "/status"), 200);
    assert_eq!(value(&credential, "page", "/body/user"), "CORP\\alice");
    assert_eq!(
        value(&credential, "page", "/body/body"),
        json!({ "a": 1 }).to_string()
    );
    assert_eq!(value(&credential, "page", "/cookies/stage"), "challenged");
    let seen = site.upstream().requests();
    assert_eq!(
        (seen.len(), seen[0].text(), seen[1].text()),
        (2, String::new(), r#"{"a":1}"#.to_owned())
    );
}

#[tokio::test]
async fn a_domain_of_its_own_and_a_request_of_its_own_work_too() {
    let site = NtlmSite::start(NtlmRules::default());
    for (account, kind) in [
        (
            "username: bob, password: battery staple, domain: CORP",
            "ntlm",
        ),
        (
            "request: { url: \"{{base_url}}/\", sign_in: { kind: ntlm, username: bob, password: battery staple, domain: CORP } }",
            "api_request",
        ),
    ] {
        let request = match kind {
            "ntlm" => ", request: { url: \"{{base_url}}/\" }",
            _ => "",
        };
        let text = format!(
            "auth_flow: {{ steps: [ {{ id: page, kind: {kind}, {account}{request} }} ] }}\nsign_in: {{ kind: bearer, token: \"{{{{page.body.user}}}}\" }}\n"
        );
        let definition = connector(&site.upstream().origin(), &text);
        let credential = World::new().sign_in(&definition, &[]).await;
        assert_eq!(value(&credential, "page", "/body/user"), "CORP\\bob");
    }
    // A flow keeps no connection that is signed in.
    assert_eq!((site.upstream().connections(), site.proofs()), (2, 2));
}

#[tokio::test]
async fn a_refusal_is_the_apis_and_a_missing_name_the_definitions() {
    let site = NtlmSite::start(NtlmRules::default());
    let definition = connector(
        &site.upstream().origin(),
        &step(TYPED, "{ url: \"{{base_url}}/\" }"),
    );
    let wrong = [ALICE[0], ("form1", "word", "guess")];
    let failure = World::new().begin(&definition, &wrong).await.1.failed();
    assert!(
        failure.is_refused() && failure.status == Some(401),
        "{failure:?}"
    );
    let nobody = [("form1", "user", ""), ALICE[1]];
    let account = TYPED.replace(
        "{{form1.user}}",
        "{{form1.user | default('')}}{{variables.none}}",
    );
    let text = step(&account, "{ url: \"{{base_url}}/\" }") + "variables: { none: '' }\n";
    let text = text.replace("{ key: user }", "{ key: user, required: false }");
    let definition = connector(&site.upstream().origin(), &text);
    let failure = World::new().begin(&definition, &nobody).await.1.failed();
    assert_eq!(failure.code, "sign_in_unusable", "{failure:?}");
    assert!(failure.message.contains("`sign_in.username` is empty"));
}

#[tokio::test]
async fn attack_40_a_server_without_version_2_fails_the_step() {
    let site = NtlmSite::start(NtlmRules {
        target_info: false,
        ..NtlmRules::default()
    });
    let definition = connector(
        &site.upstream().origin(),
        &step(TYPED, "{ url: \"{{base_url}}/\" }"),
    );
    let failure = World::new().begin(&definition, &ALICE).await.1.failed();
    assert_eq!(failure.code, "sign_in_unusable", "{failure:?}");
    assert!(failure.message.contains("offers no NTLMv2"), "{failure:?}");
    assert!(!failure.outcome_unknown && !failure.message.contains("correct horse"));
}

#[tokio::test]
async fn attack_41_a_host_out_of_a_template_gets_no_proof() {
    let site = NtlmSite::start(NtlmRules::default());
    let trap = NtlmSite::start(NtlmRules::default());
    let away = format!("{}/me", trap.upstream().origin());
    let request = "{ url: \"{{form1.user}}\" }";
    let account = "username: 'CORP\\alice', password: correct horse";
    let definition = connector(&site.upstream().origin(), &step(account, request));
    let given = [("form1", "user", away.as_str()), ALICE[1]];
    let failure = World::new().begin(&definition, &given).await.1.failed();
    assert_eq!(failure.code, "origin_not_listed", "{failure:?}");
    // One that a redirect leads to is asked, and gets none.
    let request = format!("{{ url: \"{{{{base_url}}}}/to\", query: {{ url: \"{away}\" }} }}");
    let definition = connector(&site.upstream().origin(), &step(TYPED, &request));
    World::new().begin(&definition, &ALICE).await.1.failed();
    let caught = trap.upstream().requests();
    assert_eq!((caught.len(), trap.proofs()), (1, 0));
    assert_eq!(caught[0].header("authorization"), None);
    // An address that the definition writes out is meant.
    let definition = connector(
        &site.upstream().origin(),
        &step(TYPED, &format!("{{ url: \"{away}\" }}")),
    );
    World::new().sign_in(&definition, &ALICE).await;
    assert_eq!(trap.proofs(), 1);
}
