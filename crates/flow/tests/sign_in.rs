//! Signing in with a form and a password, and what happens when it is refused.

use flow::{FailureKind, Input};
use serde_json::json;
use testkit::{Received, SessionSite};

use crate::world::{Expect, NOW, World, connector, value};

const SITE: &str = r#"
connection: { identity: "{{login.body.user.id}}", label: "{{form1.username}}" }
auth_flow:
  steps:
    - { id: before, kind: api_request, request: { method: GET, url: "{{base_url}}/login" } }
    - id: form1
      kind: form
      title: Sign in
      fields:
        - { key: username, type: text, label: User name }
        - { key: password, type: password, label: Password }
    - id: start
      kind: api_request
      request: { method: GET, url: "{{base_url}}/login" }
      extract: { csrf: { css: "input[name=csrf]", attribute: value } }
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", form: { user: "{{form1.username}}", pass: "{{form1.password}}", csrf: "{{start.csrf}}" } }
      expect: { value: "{{login.body.result}}", equals: Success, else: "The wiki did not accept {{form1.username}} and this password." }
      on_fail: { back_to: form1, attempts: 3 }
    - id: code
      kind: form
      when: { value: "{{login.body.mfa}}", equals: true }
      title: Enter the code
      fields: [ { key: otp, type: otp, label: Code } ]
    - id: confirm
      kind: api_request
      when: { value: "{{code.otp}}", exists: true }
      request: { method: POST, url: "{{base_url}}/code", form: { otp: "{{code.otp}}" } }
      expect: { value: "{{confirm.body.result}}", equals: Success, else: "That code is wrong." }
      on_fail: { back_to: code }
"#;

#[tokio::test]
async fn a_person_signs_in() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    let prompt = progress.ask();
    assert_eq!(
        (prompt.step.as_str(), prompt.title.as_str()),
        ("form1", "Sign in")
    );
    assert_eq!(prompt.fields.len(), 2);
    assert_eq!((prompt.error, prompt.attempts_left), (None, None));
    let credential = world
        .typed(
            &connector,
            &mut run,
            "form1",
            &[("username", "alice"), ("password", "correct horse")],
        )
        .await
        .done();
    assert_eq!(credential.label.as_deref(), Some("alice"));
    assert!(credential.identity.is_some());
    assert_eq!((credential.signed_in_at, credential.issued_at), (NOW, NOW));
    assert_eq!(
        value(&credential, "login", "/body/result"),
        json!("Success")
    );
    assert_eq!(
        value(&credential, "form1", ""),
        json!({}),
        "nothing reads the form later"
    );
    assert!(
        credential.outputs.of("code").is_none(),
        "a step that was skipped"
    );
    assert!(!credential.jar.is_empty());
    assert!(run.has_ended());
}

#[tokio::test]
async fn a_wrong_password_goes_back_to_the_form_with_the_definitions_own_words() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    progress.ask();
    let wrong = [("username", "alice"), ("password", "wrong")];
    for attempts_left in [2, 1] {
        let prompt = world
            .typed(&connector, &mut run, "form1", &wrong)
            .await
            .ask();
        assert_eq!(
            prompt.error.as_deref(),
            Some("The wiki did not accept alice and this password.")
        );
        assert_eq!(prompt.attempts_left, Some(attempts_left));
        let defaults: Vec<_> = prompt
            .fields
            .iter()
            .map(|field| field.default.as_deref())
            .collect();
        assert_eq!(
            defaults,
            [Some("alice"), None],
            "the name is kept, the password is not"
        );
    }
    let failure = world
        .typed(&connector, &mut run, "form1", &wrong)
        .await
        .failed();
    let text = "The wiki did not accept alice and this password.".to_owned();
    assert_eq!(&*failure.message, text);
    assert_eq!(
        failure.kind,
        FailureKind::Refused {
            else_text: Some(text)
        }
    );
    assert_eq!(failure.step.as_deref(), Some("login"));
    assert!(!failure.stored_password_refused);
    // The step before the form ran once, those after it once for each attempt.
    let pages = site.upstream().requests_to("/login");
    let gets = pages
        .iter()
        .filter(|request| request.method() == "GET")
        .count();
    assert_eq!((gets, pages.len() - gets), (4, 3));
}

#[tokio::test]
async fn the_right_password_after_a_wrong_one_signs_in() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let (mut run, _) = world.begin(&connector, &[]).await;
    let wrong = [("username", "alice"), ("password", "wrong")];
    let right = [("username", "alice"), ("password", "correct horse")];
    world
        .typed(&connector, &mut run, "form1", &wrong)
        .await
        .ask();
    world
        .typed(&connector, &mut run, "form1", &right)
        .await
        .done();
}

#[tokio::test]
async fn answers_given_ahead_are_tried_once() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let given = [
        ("form1", "username", "alice"),
        ("form1", "password", "wrong"),
    ];
    let (mut run, progress) = world.begin(&connector, &given).await;
    let prompt = progress.ask();
    assert_eq!(prompt.fields.len(), 2, "the whole form is asked again");
    assert!(prompt.error.is_some());
    let failure = world
        .advance(&connector, &mut run, Input::Nobody)
        .await
        .failed();
    assert!(failure.is_refused(), "{failure:?}");
    assert_eq!(
        &*failure.message,
        "The wiki did not accept alice and this password."
    );
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
async fn only_what_was_not_given_is_asked() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let (mut run, progress) = world
        .begin(&connector, &[("form1", "username", "alice")])
        .await;
    let prompt = progress.ask();
    let keys: Vec<_> = prompt
        .fields
        .iter()
        .map(|field| field.key.as_str())
        .collect();
    assert_eq!(keys, ["password"]);
    let typed = [("password", "correct horse")];
    world
        .typed(&connector, &mut run, "form1", &typed)
        .await
        .done();
}

#[tokio::test]
async fn nobody_there_is_not_a_refusal() {
    let site = SessionSite::start();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let (mut run, progress) = world.begin(&connector, &[]).await;
    progress.ask();
    let failure = world
        .advance(&connector, &mut run, Input::Nobody)
        .await
        .failed();
    assert_eq!(failure.kind, FailureKind::Cancelled);
    let failure = world
        .advance(&connector, &mut run, Input::Continue)
        .await
        .failed();
    assert_eq!(failure.code, "run_ended");
}

#[tokio::test]
async fn a_second_factor_is_asked_only_where_the_api_wants_one() {
    let site = SessionSite::with_second_factor();
    let connector = connector(&site.origin(), SITE);
    let mut world = World::new();
    let given = [
        ("form1", "username", "alice"),
        ("form1", "password", "correct horse"),
    ];
    let (mut run, progress) = world.begin(&connector, &given).await;
    assert_eq!(progress.ask().step, "code");
    let prompt = world
        .typed(&connector, &mut run, "code", &[("otp", "000000")])
        .await
        .ask();
    assert_eq!(
        (prompt.step.as_str(), prompt.error.as_deref()),
        ("code", Some("That code is wrong."))
    );
    let credential = world
        .typed(&connector, &mut run, "code", &[("otp", "123 456")])
        .await
        .done();
    assert_eq!(
        value(&credential, "code", ""),
        json!({}),
        "a code is never kept"
    );
    let logins = site.upstream().requests_to("/login");
    let posts: Vec<_> = logins
        .iter()
        .filter(|request| request.method() == "POST")
        .collect();
    assert_eq!(posts.len(), 1, "the password was not sent again");
    assert_eq!(
        posts[0].form_value("pass").as_deref(),
        Some("correct horse")
    );
}
