//! Forms of an attempt that have something sent again, and whose time runs out, in any process.

use crate::attempt_world::{ALICE, Site, failed, form, signed_in};
use crate::world::{NOW, World};

/// A code that the login sends, and sends again; good for a minute.
const RESENT: &str = r#"
auth_flow:
  steps:
    - { id: form1, kind: form, title: Sign in, fields: [ { key: password, type: password, label: Password } ] }
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login", json: { pass: "{{form1.password}}" } } }
    - { id: form2, kind: form, title: Enter the code, fields: [ { key: otp, type: otp, label: Code, else: No., pattern: "[0-9]+" } ], show: [ { text: "{{login.body.user}}", label: Who } ], resend: login, expires_in: 60s }
    - { id: code, kind: api_request, request: { method: POST, url: "{{base_url}}/code", json: { otp: "{{form2.otp}}" } } }
"#;

#[tokio::test]
async fn what_a_form_is_about_is_sent_again_in_any_process() {
    let world = World::new(RESENT);
    let (site, other) = (Site::of(&world, 1), Site::of(&world, 2));
    let id = site.start("b").await.id;
    let early = site.attempts.resend(&id, ALICE).await.unwrap_err();
    assert_eq!(early.code(), "no_resend");
    let asked = site.answer(&id, "form1", "open").await;
    // Kept and read again, the question is the same.
    let kept = other.get(&id).await;
    assert_eq!(form(&kept), form(&asked));
    let prompt = form(&asked);
    assert_eq!((prompt.show.len(), prompt.resends_left), (1, Some(5)));
    assert_eq!(prompt.fields[0].rule.pattern.as_deref(), Some("[0-9]+"));
    let again = other
        .attempts
        .resend(&id, ALICE)
        .await
        .unwrap()
        .settled()
        .await;
    assert_eq!(form(&again).notice.as_deref(), Some("Sent again."));
    assert_eq!(world.bank.requests("/login"), 2);
    // Nobody answers in time: whoever looks then sees so, and so does who watches.
    world.clock.advance(60);
    let mut watched = site.attempts.get(&id, ALICE).await.unwrap();
    let expired = watched.settled().await;
    assert!(form(&expired).expired);
    let late = site.answer(&id, "form2", "123456").await;
    assert!(form(&late).expired && world.bank.requests("/code") == 0);
    let again = site
        .attempts
        .resend(&id, ALICE)
        .await
        .unwrap()
        .settled()
        .await;
    assert!(!form(&again).expired);
    signed_in(&site.answer(&id, "form2", "123456").await);
}

#[tokio::test]
async fn a_form_that_nobody_answers_in_time_ends_the_sign_in() {
    let world = World::new(&RESENT.replace("resend: login, ", ""));
    let site = Site::of(&world, 1);
    let id = site.start("b").await.id;
    let asked = site.answer(&id, "form1", "open").await;
    let none = site.attempts.resend(&id, ALICE).await.unwrap_err();
    assert_eq!(none.code(), "no_resend");
    let watcher = site.attempts.get(&id, ALICE).await.unwrap();
    assert_eq!(form(&asked).expires_at, Some(NOW + 60));
    world.clock.advance(60);
    let mut watched = watcher.watch();
    let end = watched
        .wait_for(|view| view.state.has_ended())
        .await
        .unwrap()
        .clone();
    let failure = failed(&end);
    assert_eq!(
        (failure.code.as_str(), failure.cause.as_str()),
        ("cancelled", "form_expired")
    );
}
