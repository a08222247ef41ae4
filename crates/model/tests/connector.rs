//! What a connector tells once its defaults are filled in.

use std::time::Duration;

use model::{
    Body, Connector, KeepIn, Life, Owner, PkceMode, Redirects, Renewal, Resend, SignIn, Source,
    StepKind, read,
};

const HEAD: &str = "stepgate: 1\nconnector: wiki\nbase_url: https://wiki.example.org\n";
const FORM: &str = r#"
auth_flow:
  steps:
    - { id: form1, kind: form, fields: [{ key: user }, { key: password, type: password }, { key: otp, type: otp }, { key: region }] }
    - { id: login, kind: api_request, request: { url: "{{base_url}}/login", json: { u: "{{form1.user}}", p: "{{form1.password}}", o: "{{form1.otp}}" } } }
request_parameters: [{ in: header, name: Authorization, value: "Bearer {{login.body.token}}" }]
"#;

fn connector(rest: &str) -> Connector {
    let source = Source::new("wiki.yaml", format!("{HEAD}{rest}"));
    let reading = read(&source);
    let problems = format!("{:#?}", reading.problems);
    reading.connector.expect(&problems)
}

fn kept(rest: &str) -> Vec<String> {
    let kept = connector(&format!("{FORM}{rest}")).kept_fields();
    kept.into_iter().map(|(_, field)| field).collect()
}

#[test]
fn defaults_are_those_of_the_reference() {
    let it = connector("");
    assert_eq!(it.title, "wiki");
    assert_eq!(it.connection.owner, Owner::User);
    assert_eq!(it.connection.keep_in, KeepIn::Server);
    assert!(!it.cookies.forward_all);
    assert_eq!(it.session.margin, Duration::from_secs(60));
    assert_eq!(it.sign_in, SignIn::None);
    let over = it
        .session
        .over_when
        .judge(&serde_json::json!({ "response": { "status": 401 } }));
    assert!(over.unwrap().holds);

    let it = connector(
        r#"
auth_flow:
  steps:
    - { id: a, kind: form, fields: [{ key: x }] }
    - { id: b, kind: api_request, request: { url: "{{base_url}}" }, on_fail: { back_to: a } }
    - { id: c, kind: oauth2, issuer: "https://id.example.org", client_id: x }
    - { id: d, kind: oauth2_pkce, issuer: "https://id.example.org", client_id: x }
endpoints: [{ name: e, request: { url: "{{base_url}}", form: { a: 1 } } }]
sign_in: { kind: bearer, token: "{{d.access_token}}" }
session: { expires_in: 90m }
"#,
    );
    let steps = &it.auth_flow.steps;
    assert_eq!(steps[1].on_fail.as_ref().unwrap().attempts, 3);
    let StepKind::ApiRequest(request) = &steps[1].kind else {
        panic!("{steps:?}")
    };
    assert_eq!(request.redirects, Redirects::Follow);
    assert_eq!(request.request.method, "GET");
    assert_eq!(request.request.timeout, Duration::from_secs(30));
    let pkce = |index: usize| match &steps[index].kind {
        StepKind::OAuth2(step) => (step.pkce, steps[index].kind.name()),
        other => panic!("{other:?}"),
    };
    assert_eq!(pkce(2), (PkceMode::None, "oauth2"));
    assert_eq!(pkce(3), (PkceMode::S256, "oauth2_pkce"));
    let endpoint = it.endpoint("e").unwrap();
    assert_eq!(endpoint.request.method, "POST");
    assert!(matches!(endpoint.request.body, Body::Form(_)));
    assert!(endpoint.attach && endpoint.resend == Resend::Allowed);
    assert_eq!(endpoint.redirects, Redirects::Stop);
    assert!(matches!(&it.session.life, Some(Life::ExpiresIn(life)) if life.source() == "90m"));
}

#[test]
fn a_field_is_kept_only_where_something_needs_it() {
    let refresh = r#"
  steps: [{ id: renew, kind: api_request, request: { url: "{{base_url}}/r", json: { u: "{{form1.user}}" } } }]
  update_variables: { login.body.token: "{{renew.body.token}}" }
"#;
    assert!(kept("").is_empty());
    assert!(
        kept("connection: { label: \"{{form1.user}}\", identity: \"{{form1.user}}\" }").is_empty()
    );
    assert_eq!(kept(&format!("refresh_flow:{refresh}")), ["user"]);
    let stored = format!("refresh_flow:\n  use_stored_credentials: true{refresh}");
    assert_eq!(kept(&stored), ["user", "password", "region"]);
    let same = "refresh_flow: { same_as_auth_flow: true }";
    assert!(kept(same).is_empty());
    assert_eq!(
        kept(
            "sign_in: { kind: basic, username: \"{{form1.user}}\", password: \"{{form1.password}}\" }"
        ),
        ["user", "password"]
    );
}

#[test]
fn renewal_has_its_defaults_applied() {
    assert!(matches!(connector(FORM).renewal(), Renewal::Ask));
    let machine = r#"
auth_flow: { steps: [{ id: login, kind: api_request, request: { url: "{{base_url}}/login" } }] }
sign_in: { kind: bearer, token: "{{login.body.token}}" }
"#;
    assert!(matches!(
        connector(machine).renewal(),
        Renewal::AuthFlowAgain
    ));
    let same = format!("{FORM}refresh_flow: {{ same_as_auth_flow: true }}");
    assert!(matches!(
        connector(&same).renewal(),
        Renewal::SameAsAuthFlow(_)
    ));
}

#[test]
fn texts_that_yaml_reads_as_numbers_stay_as_written() {
    let it = connector(
        r#"
title: 2024.10
variables: { text: "1", number: 1.50, no: no }
endpoints:
  - { name: e, request: { url: "{{base_url}}", headers: { X-Version: 1.10, X-Flag: true }, query: { n: 1.10 } } }
"#,
    );
    assert_eq!(it.title, "2024.10");
    assert_eq!(it.variables["text"], "1");
    assert_eq!(it.variables["no"], "no");
    let request = &it.endpoints[0].request;
    assert_eq!(request.headers["X-Version"].source(), "1.10");
    assert_eq!(request.headers["X-Flag"].source(), "true");
}
