//! Who the user is, at the terminal: by a token in a file, or by an identity provider of the settings.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use testkit::{FixedClock, IdentityProvider, Received, Reply, Upstream};

use crate::asked::{come_back, ended, opened};
use crate::program::Program;

/// An API that takes tokens which begin so.
fn api(takes: &'static str) -> Upstream {
    Upstream::start(move |request| match request.bearer() {
        Some(token) if token.starts_with(takes) => Reply::json(json!({ "name": "ada" })),
        _ => Reply::status(401),
    })
}

fn definition(api: &Upstream) -> String {
    format!(
        r#"
stepgate: 1
connector: intranet
base_url: {}
connection: {{ label: "{{{{sso1.claims.email | default('nobody')}}}}" }}
auth_flow: {{ steps: [ {{ id: sso1, kind: sso_token }} ] }}
request_parameters: [ {{ in: header, name: Authorization, value: "Bearer {{{{sso1.access_token}}}}" }} ]
test_api: {{ name: Who am I, request: {{ method: GET, url: "{{{{base_url}}}}/me" }} }}
"#,
        api.origin()
    )
}

#[test]
fn a_token_in_a_file_is_what_is_sent() {
    let api = api("file-token-1");
    let program = Program::with(&definition(&api));
    program
        .run(&["run", "FILE"])
        .ended(3)
        .says("has not signed in by single sign-on");
    let token = program.data().with_file_name("token.txt");
    let path = token.to_str().unwrap();
    program
        .run(&["run", "FILE", "--sso-token-file", path])
        .ended(2)
        .says("token.txt");
    std::fs::write(&token, "file-token-1\n").unwrap();
    let ran = program
        .run(&["run", "FILE", "--sso-token-file", path])
        .ended(0);
    assert!(!ran.out.contains("file-token-1") && !ran.err.contains("file-token-1"));
    // What was signed in with it stays signed in.
    program.run(&["test", "FILE"]).ended(0);
    let stored = String::from_utf8_lossy(&program.stored_bytes()).into_owned();
    assert!(!stored.contains("file-token-1"));
}

#[test]
fn a_browser_signs_the_user_in_where_nothing_tells_who_they_are() {
    let api = api("access-");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let clock = FixedClock::at(i64::try_from(now).unwrap());
    let idp = IdentityProvider::start(&clock);
    let program = Program::with(&definition(&api))
        .variable("STEPGATE_SSO_CORP_ISSUER", &idp.issuer())
        .variable("STEPGATE_SSO_CORP_CLIENT_ID", "stepgate")
        .variable("STEPGATE_SSO_CORP_CLIENT_SECRET", "sso-secret-1");
    program
        .run(&["test", "FILE"])
        .ended(3)
        .says("has not signed in by single sign-on");
    let (child, err, url) = opened(&program);
    assert!(url.as_str().starts_with(&idp.issuer()), "{url}");
    let back = idp.approve(&url);
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(come_back(&url, &pairs), 200);
    ended(child, err).ended(0);
    program
        .run(&["connections", "list", "FILE"])
        .ended(0)
        .says("ada@example.org");
    // It is kept: nobody is asked again.
    program.run(&["connections", "clear", "FILE"]).ended(0);
    program.run(&["test", "FILE"]).ended(0);
    let stored = String::from_utf8_lossy(&program.stored_bytes()).into_owned();
    assert!(!stored.contains("access-") && !stored.contains("refresh-"));
}

#[test]
fn settings_that_lack_something_are_named_with_their_place() {
    let api = api("access-");
    let program = Program::with(&definition(&api));
    let settings = program.data().with_file_name("stepgate.toml");
    let path = settings.to_str().unwrap();
    for (text, words) in [
        (
            "\n[sso.corp]\nclient_id = 'a'\n",
            "line 2, [sso.corp]: `issuer` is missing",
        ),
        ("[sso.corp]\nissuer = 'http://id.example.org'\n", "line 2"),
        ("[sso.corp]\nisuer = 'https://id.example.org'\n", "line 2"),
    ] {
        std::fs::write(&settings, text).unwrap();
        program
            .run(&["run", "FILE", "--config", path])
            .ended(2)
            .says(words);
    }
    std::fs::write(
        &settings,
        "[sso.corp]\nissuer = 'http://127.0.0.1:1'\nclient_id = 'a'\n",
    )
    .unwrap();
    let found = program.run(&["doctor", "--config", path]);
    assert!(
        found.out.contains("✗ single sign-on: corp"),
        "{}",
        found.out
    );
}
