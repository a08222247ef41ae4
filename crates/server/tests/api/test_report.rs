//! The report of a test run: nothing that an API says is live in a Markdown viewer.

use super::test_runs::{path, start};
use super::world::World;
use serde_json::json;
use testkit::{Reply, Upstream};

/// What would be markup, a link or HTML outside code, and what would end the code that it stands in.
const SAID: &str = "No `x` ```y```.\n\n# Head\n<img src=https://evil.example/a> [click](https://evil.example/b) \
                    https://evil.example/c @everyone";

const DEFINITION: &str = r#"stepgate: 1
connector: mail
base_url: BASE
auth_flow:
  steps:
    - { id: hop, kind: api_request, request: { method: GET, url: "{{base_url}}/hop" } }
    - { id: tokens, kind: oauth2_client_credentials, token_url: "{{base_url}}/token", client_id: c-1, client_auth: none }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_an_api_says_stands_as_code() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = Upstream::start(|request| match request.uri().path() {
        "/hop" => Reply::redirect("/end?[click](https://evil.example/d)"),
        "/end" => Reply::json(json!({ "<b>[x](https://evil.example/e)</b>`": 1 })),
        _ => Reply::json(json!({ "error": "invalid_client", "error_description": SAID }))
            .with_status(400),
    });
    let text = DEFINITION.replace("BASE", &api.origin());
    let run = start(&bob, json!({ "text": text, "flow": "auth" })).await;
    assert_eq!(run["state"], "failed", "{run:#}");
    let report = bob.get(&format!("{}/report", path(&run))).await.expect(200);
    let report = report.text;
    assert!(report.contains("evil.example/b"), "{report}");
    let prose = prose(&report);
    for live in ["evil", "<", "](", "@", "# Head", "`"] {
        assert!(!prose.contains(live), "{live} in {prose}\n\nof {report}");
    }
}

/// The report without its code, as CommonMark has it: fenced blocks first, then spans between runs of backticks of one length.
fn prose(report: &str) -> String {
    let mut prose = String::new();
    let mut is_fenced = false;
    for line in report.lines() {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            prose.push_str(&without_spans(line));
            prose.push('\n');
        }
    }
    assert!(!is_fenced, "{report}");
    prose
}

fn without_spans(line: &str) -> String {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let mut prose = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        prose.push_str(&rest[..at]);
        rest = &rest[at..];
        let fence = run(rest);
        let mut inside = fence;
        loop {
            let Some(next) = rest[inside..].find('`') else {
                // Nothing closes it: these backticks are text, and so is what follows.
                prose.push_str(&rest[..fence]);
                rest = &rest[fence..];
                break;
            };
            let closing = run(&rest[inside + next..]);
            inside += next + closing;
            if closing == fence {
                rest = &rest[inside..];
                break;
            }
        }
    }
    prose + rest
}
