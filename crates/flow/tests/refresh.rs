//! Renewing: a refresh flow of its own, the auth flow again, and what stored answers may do.

use flow::{Credential, Input, Run};
use serde_json::json;
use testkit::{Received, Reply, Routes, SessionSite, Upstream, in_turn};

use crate::world::{Expect, World, connector, value};

const STEPS: &str = r#"
auth_flow:
  steps:
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } }
refresh_flow:
  steps:
    - { id: renew, kind: api_request, request: { method: POST, url: "{{base_url}}/renew", json: { token: "{{login.body.list[1].token}}" } } }
  update_variables:
    login.body.list[1].token: "{{renew.body.token}}"
    login.body.extra: "{{renew.body.extra}}"
"#;

fn upstream(renewals: Vec<Reply>) -> Upstream {
    let login = Reply::json(json!({ "list": [0, { "token": "t-1" }], "extra": "kept" }))
        .cookie("sid=first");
    Upstream::serve(
        Routes::new()
            .post("/login", login)
            .serve("POST", "/renew", in_turn(renewals)),
    )
}

#[tokio::test]
async fn update_variables_replace_what_is_there_and_leave_what_is_absent() {
    let renewed = |token: &str| Reply::json(json!({ "token": token })).cookie("sid=second");
    let upstream = upstream(vec![renewed("t-2"), renewed("t-3")]);
    let connector = connector(&upstream.origin(), STEPS);
    let mut world = World::new();
    let first = world.sign_in(&connector, &[]).await;
    world.clock.advance(100);
    let second = world.refresh(&connector, &first).await.done();
    assert_eq!(value(&second, "login", "/body/list/1/token"), json!("t-2"));
    assert_eq!(value(&second, "login", "/body/extra"), json!("kept"));
    assert!(
        second.outputs.of("renew").is_none(),
        "only what the auth flow left is kept"
    );
    assert_eq!(second.signed_in_at, first.signed_in_at);
    assert_eq!(second.issued_at, first.issued_at + 100);
    let third = world.refresh(&connector, &second).await.done();
    assert_eq!(value(&third, "login", "/body/list/1/token"), json!("t-3"));
    let sent = upstream.requests_to("/renew");
    assert_eq!(sent[0].json(), json!({ "token": "t-1" }));
    assert_eq!(sent[1].json(), json!({ "token": "t-2" }));
    assert_eq!(sent[0].cookie("sid"), Some("first"));
    assert_eq!(sent[1].cookie("sid"), Some("second"));
}

#[tokio::test]
async fn updates_happen_together_or_not_at_all() {
    let upstream = upstream(vec![Reply::json(json!({ "token": "t-2", "extra": "new" }))]);
    let definition = STEPS.replace("login.body.extra:", "login.body.list[7].x:");
    let connector = connector(&upstream.origin(), &definition);
    let mut world = World::new();
    let first = world.sign_in(&connector, &[]).await;
    let failure = world.refresh(&connector, &first).await.failed();
    assert_eq!(failure.code, "update_unusable");
}

#[tokio::test]
async fn a_refused_renewal_asks_the_person() {
    let upstream = upstream(vec![Reply::status(401)]);
    let connector = connector(&upstream.origin(), STEPS);
    let mut world = World::new();
    let first = world.sign_in(&connector, &[]).await;
    let failure = world.refresh(&connector, &first).await.failed();
    assert!(failure.is_refused());
    assert!(!failure.stored_password_refused);
}

#[tokio::test]
async fn a_credential_never_goes_to_a_changed_address() {
    let renewed = Reply::json(json!({ "token": "t-2" }));
    let upstream = upstream(vec![renewed]);
    let before = connector(&upstream.origin(), STEPS);
    let after = connector("https://elsewhere.example", STEPS);
    let mut world = World::new();
    let first = world.sign_in(&before, &[]).await;
    let failure = world.refresh(&after, &first).await.failed();
    assert_eq!(failure.code, "origins_changed");
    let mut run = Run::refresh(&before, &first);
    let failure = world.advance(&after, &mut run, Input::Begin).await.failed();
    assert_eq!(failure.code, "definition_changed");
    assert!(upstream.requests_to("/renew").is_empty());
}

const SITE: &str = r#"
auth_flow:
  steps:
    - id: form1
      kind: form
      fields:
        - { key: username, type: text, label: User name }
        - { key: password, type: password, label: Password }
    - { id: start, kind: api_request, request: { method: GET, url: "{{base_url}}/login" }, extract: { csrf: { css: "input[name=csrf]", attribute: value } } }
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", form: { user: "{{form1.username}}", pass: "{{form1.password}}", csrf: "{{start.csrf}}" } }
      expect: { value: "{{login.body.result}}", equals: Success, else: "Wrong." }
      on_fail: { back_to: form1 }
    - id: code
      kind: form
      when: { value: "{{login.body.mfa}}", equals: true }
      fields: [ { key: otp, type: otp, label: Code } ]
    - id: confirm
      kind: api_request
      when: { value: "{{code.otp}}", exists: true }
      request: { method: POST, url: "{{base_url}}/code", form: { otp: "{{code.otp}}" } }
      expect: { value: "{{confirm.body.result}}", equals: Success }
"#;

const AGAIN: &str = "refresh_flow: { same_as_auth_flow: true, use_stored_credentials: true }\n";

async fn signed_in(world: &mut World, connector: &model::Connector) -> Credential {
    let given = [
        ("form1", "username", "alice"),
        ("form1", "password", "correct horse"),
        ("code", "otp", "123456"),
    ];
    world.sign_in(connector, &given).await
}

#[tokio::test]
async fn the_auth_flow_again_is_answered_from_what_was_typed_with_an_empty_jar() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), &format!("{SITE}{AGAIN}"));
    let mut world = World::new();
    let first = signed_in(&mut world, &connector).await;
    assert_eq!(
        value(&first, "form1", ""),
        json!({ "username": "alice", "password": "correct horse" })
    );
    site.end_sessions();
    site.upstream().forget_requests();
    let second = world.refresh(&connector, &first).await.done();
    assert_eq!(site.sessions(), 1);
    assert_eq!(site.upstream().requests()[0].header("cookie"), None);
    assert_eq!(value(&second, "form1", ""), value(&first, "form1", ""));
}

#[tokio::test]
async fn only_what_is_not_kept_is_asked() {
    let site = SessionSite::with_second_factor();
    let connector = connector(&site.origin(), &format!("{SITE}{AGAIN}"));
    let mut world = World::new();
    let first = signed_in(&mut world, &connector).await;
    let mut run = Run::refresh(&connector, &first);
    let prompt = world
        .advance(&connector, &mut run, Input::Begin)
        .await
        .ask();
    assert_eq!((prompt.step.as_str(), prompt.fields.len()), ("code", 1));
    world
        .typed(&connector, &mut run, "code", &[("otp", "123456")])
        .await
        .done();
}

#[tokio::test]
async fn a_stored_password_that_is_refused_is_tried_once() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), &format!("{SITE}{AGAIN}"));
    let mut world = World::new();
    let mut first = signed_in(&mut world, &connector).await;
    let changed = json!({ "username": "alice", "password": "old password" });
    first
        .outputs
        .set("form1", changed.as_object().unwrap().clone());
    site.upstream().forget_requests();
    let failure = world.refresh(&connector, &first).await.failed();
    assert!(
        failure.is_refused() && failure.stored_password_refused,
        "{failure:?}"
    );
    assert_eq!(&*failure.message, "Wrong.");
    let posts = site.upstream().requests_to("/login");
    assert_eq!(
        posts
            .iter()
            .filter(|request| request.method() == "POST")
            .count(),
        1
    );
}

#[tokio::test]
async fn a_form_that_was_left_empty_is_not_asked_again() {
    let upstream = Upstream::start(|_| Reply::json(json!({})));
    let definition = format!(
        r#"
auth_flow:
  steps:
    - {{ id: f, kind: form, fields: [ {{ key: domain, type: text, label: D, required: false }} ] }}
    - {{ id: login, kind: api_request, request: {{ method: POST, url: "{{{{base_url}}}}/login", form: {{ d: "{{{{f.domain}}}}", n: 1 }} }} }}
{AGAIN}"#
    );
    let connector = connector(&upstream.origin(), &definition);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    progress.ask();
    let first = world
        .typed(&connector, &mut run, "f", &[("domain", "")])
        .await
        .done();
    assert_eq!(
        upstream.last_request().form_pairs(),
        [("n".to_owned(), "1".to_owned())]
    );
    world.refresh(&connector, &first).await.done();
}

#[tokio::test]
async fn otherwise_signs_in_again_and_then_asks() {
    let site = SessionSite::start();
    let refresh = r#"
refresh_flow:
  use_stored_credentials: true
  otherwise: auth_flow
  steps:
    - { id: renew, kind: api_request, request: { method: GET, url: "{{base_url}}/api/me" } }
"#;
    let with = connector(&site.origin(), &format!("{SITE}{refresh}"));
    let mut world = World::new();
    let first = signed_in(&mut world, &with).await;
    site.end_sessions();
    world.refresh(&with, &first).await.done();
    assert_eq!(site.sessions(), 1);
    let refresh = refresh.replace(
        "use_stored_credentials: true",
        "use_stored_credentials: false",
    );
    let without = connector(&site.origin(), &format!("{SITE}{refresh}"));
    let first = signed_in(&mut world, &without).await;
    assert_eq!(value(&first, "form1", ""), json!({}));
    site.end_sessions();
    assert_eq!(world.refresh(&without, &first).await.ask().step, "form1");
}

#[tokio::test]
async fn a_sign_in_that_needs_a_person_cannot_be_renewed_by_itself() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let first = signed_in(&mut world, &connector).await;
    let failure = world.refresh(&connector, &first).await.failed();
    assert_eq!(failure.code, "sign_in_required");
    assert!(failure.is_refused());
}

#[tokio::test]
async fn a_sign_in_that_needs_nobody_runs_again() {
    let upstream = Upstream::serve(Routes::new().serve(
        "POST",
        "/login",
        in_turn([
            Reply::json(json!({ "token": "one" })),
            Reply::json(json!({ "token": "two" })),
        ]),
    ));
    let definition = r#"
auth_flow:
  steps:
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } }
"#;
    let connector = connector(&upstream.origin(), definition);
    let mut world = World::new();
    let first = world.sign_in(&connector, &[]).await;
    let second = world.refresh(&connector, &first).await.done();
    assert_eq!(value(&second, "login", "/body/token"), json!("two"));
}
