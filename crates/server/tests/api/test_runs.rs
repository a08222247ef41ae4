//! Test runs: what their person sees of them, and that nobody sees more.

use super::client::Answer;
use super::world::{Browser, World};
use serde_json::{Value, json};
use testkit::{Reply, Upstream};

/// Everything that must never be shown: what is typed, kept apart, or given by the API.
const CANARIES: [&str; 9] = [
    "typed-canary-0001",
    "Ana-Canary-Name",
    "value of the environment",
    "access-canary-0001",
    "renew-canary-0002",
    "cookie-canary-0003",
    "page-canary-0004",
    "query-canary-0005",
    "access-canary-0006",
];

const DEFINITION: &str = r#"stepgate: 1
connector: wiki
base_url: BASE
secrets: [from_env]
auth_flow:
  steps:
    - id: form1
      kind: form
      title: Sign in
      fields: [{ key: username, type: text }, { key: password, type: password }]
    - id: login
      kind: api_request
      request:
        method: POST
        url: "{{base_url}}/login"
        headers: { X-Client: "{{secrets.from_env}}" }
        json: { user: "{{form1.username}}", pass: "{{form1.password}}" }
      expect: { value: "{{response.status}}", equals: 200, else: Wrong name or password. }
      on_fail: { back_to: form1, attempts: 3 }
    - id: page
      kind: api_request
      request: { method: GET, url: "{{base_url}}/go?t={{login.body.access_token}}" }
      extract: { csrf: { css: "input", attribute: value } }
    - id: last
      kind: api_request
      when: { value: "{{login.body.second}}", equals: true }
      request: { method: GET, url: "{{base_url}}/never" }
session: { over_when: { value: "{{response.status}}", equals: 401 } }
refresh_flow:
  steps:
    - { id: renew, kind: api_request, request: { method: POST, url: "{{base_url}}/renew", json: { refresh: "{{login.body.refresh}}" } } }
  update_variables: { login.body.access_token: "{{renew.body.token}}" }
logout_flow: { steps: [ { id: bye, kind: api_request, request: { method: POST, url: "{{base_url}}/logout" } } ] }
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{login.body.access_token}}" } ]
test_api: { name: Who am I, request: { method: GET, url: "{{base_url}}/me" }, expect: { value: "{{response.status}}", equals: 200 } }
endpoints:
  - { name: note, request: { method: GET, url: "{{base_url}}/notes/{{parameters.id}}" }, parameters: { id: { type: integer } } }
"#;

pub(crate) fn api() -> Upstream {
    Upstream::start(|request| {
        let shown = request.headers().get("authorization");
        let shown = shown.map_or("", |value| value.to_str().unwrap());
        let is_good = ["access-canary-0001", "access-canary-0006"]
            .iter()
            .any(|token| shown == format!("Bearer {token}"));
        match request.uri().path() {
            "/login" => {
                let typed: Value = serde_json::from_slice(request.body()).unwrap();
                match typed["pass"].as_str() {
                    Some("typed-canary-0001") => Reply::json(json!({
                        "access_token": "access-canary-0001",
                        "refresh": "renew-canary-0002",
                        "user": { "id": 7, "name": typed["user"] },
                        "second": false,
                        "echo": typed["pass"],
                    }))
                    .cookie("sid=cookie-canary-0003; Path=/"),
                    _ => Reply::json(json!({ "error": "bad" })).with_status(403),
                }
            }
            "/go" => Reply::redirect("/page?hint=query-canary-0005"),
            "/page" => Reply::html("<input name=csrf value=page-canary-0004>"),
            "/renew" => Reply::json(json!({ "token": "access-canary-0006" })),
            "/logout" => Reply::status(204),
            _ if is_good => Reply::json(json!({ "name": "Ana-Canary-Name" })),
            _ => Reply::status(401),
        }
    })
}

pub(crate) fn definition(api: &Upstream) -> String {
    DEFINITION.replace("BASE", &api.origin())
}

pub(crate) async fn start(person: &Browser, body: Value) -> Value {
    person
        .send("POST /api/test-runs", &body)
        .await
        .expect(201)
        .json()
}

pub(crate) fn path(run: &Value) -> String {
    format!("/api/test-runs/{}", run["id"].as_str().unwrap())
}

pub(crate) async fn answer(person: &Browser, run: &Value, password: &str) -> Answer {
    let line = format!("POST {}/answers", path(run));
    // What somebody typed into a form comes back to them where it is shown again.
    let name = match password {
        "typed-canary-0001" => "Ana-Canary-Name",
        _ => "somebody",
    };
    let typed = json!({ "form1": { "username": name, "password": password } });
    person.send(&line, &typed).await
}

/// A test of the auth flow that has come to its end.
pub(crate) async fn signed_in(person: &Browser, text: &str) -> Value {
    let run = start(person, json!({ "text": text, "flow": "auth" })).await;
    assert_eq!(run["waiting_for"]["form"]["step"], "form1", "{run}");
    let done = answer(person, &run, "typed-canary-0001").await.expect(200);
    let done = done.json();
    assert_eq!(done["state"], "done", "{done:#}");
    done
}

pub(crate) fn events<'r>(run: &'r Value, name: &str) -> Vec<&'r Value> {
    let events = run["events"].as_array().unwrap().iter();
    events.filter(|event| event["event"] == name).collect()
}

pub(crate) async fn reveal(person: &Browser, run: &Value, what: &str) -> Answer {
    let line = format!("POST {}/reveal", path(run));
    person.send(&line, &json!({ "path": what })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_run_tells_each_step_with_its_request_reply_and_outputs() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let run = signed_in(&bob, &definition(&api)).await;
    let kinds = run["events"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    for kind in [
        "step_started",
        "waiting",
        "request_sent",
        "reply_received",
        "redirected",
        "exchanged",
        "judged",
        "outputs",
        "cookies",
        "extracted",
        "step_done",
        "step_skipped",
    ] {
        assert!(kinds.contains(&kind), "{kind} of {kinds:?}");
    }
    let login = events(&run, "exchanged")[0];
    let hop = &login["hops"][0];
    assert_eq!(
        (&hop["method"], &hop["status"]),
        (&json!("POST"), &json!(200))
    );
    assert_eq!(hop["url"], format!("{}/login", api.origin()));
    assert_eq!(hop["body"], json!({ "user": "••••", "pass": "••••" }));
    let expected = json!({
        "access_token": "•••• (18 characters)",
        "refresh": "•••• (17 characters)",
        "user": { "id": "•••• (1 character)", "name": "•••• (15 characters)" },
        "second": false,
        "echo": "••••",
    });
    assert_eq!(hop["reply_body"], expected);
    let page = events(&run, "exchanged")[1];
    assert_eq!(
        page["hops"].as_array().unwrap().len(),
        2,
        "redirects are told"
    );
    let outputs = events(&run, "outputs");
    let typed = &outputs[0]["values"];
    assert_eq!(typed[1]["path"], "form1.password");
    assert_eq!(
        (&typed[1]["shown"], &typed[1]["length"]),
        (&json!("••••"), &Value::Null)
    );
    let values = outputs[1]["values"].as_array().unwrap();
    let output = |path: &str| values.iter().find(|it| it["path"] == path).unwrap();
    // Wherever what was typed comes back, how long it is shows not.
    let echo = output("login.body.echo");
    assert_eq!(
        (&echo["shown"], &echo["length"]),
        (&json!("••••"), &Value::Null)
    );
    let token = output("login.body.access_token");
    assert_eq!(
        (&token["type"], &token["length"]),
        (&json!("string"), &json!(18))
    );
    let cookies = &events(&run, "cookies")[0]["changes"];
    assert_eq!(
        (&cookies[0]["name"], &cookies[0]["change"]),
        (&json!("sid"), &json!("added"))
    );
    // The same, followed.
    let line = format!("GET {}", path(&run));
    let stream = [("accept", "text/event-stream")];
    let followed = bob.raw(&line, &stream, "").await.expect(200);
    assert_eq!(followed.header("cache-control"), "no-store");
    assert_eq!(
        followed.text.matches("event: timeline").count(),
        kinds.len()
    );
    assert!(
        followed
            .text
            .trim_end()
            .rsplit("\n\n")
            .next()
            .unwrap()
            .contains("\"done\"")
    );
    let last = (kinds.len() - 2).to_string();
    let rest = bob
        .raw(&line, &[stream[0], ("last-event-id", &last)], "")
        .await;
    assert_eq!(rest.text.matches("event: timeline").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_61_and_65_a_test_run_shows_no_value_but_the_one_that_is_asked_for() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let text = definition(&api);
    let mut shown = Vec::new();
    let run = start(&bob, json!({ "text": text, "flow": "auth" })).await;
    shown.push(run.to_string());
    shown.push(answer(&bob, &run, "wrong-password").await.text);
    let done = answer(&bob, &run, "typed-canary-0001").await;
    shown.push(done.text.clone());
    let of = run["id"].clone();
    for body in [
        json!({ "text": text, "flow": "refresh", "of": of, "spoil": true }),
        json!({ "text": text, "flow": "test_api", "of": of }),
        json!({ "text": text, "flow": "endpoint", "endpoint": "note", "parameters": { "id": 4 }, "of": of, "spoil": true }),
        json!({ "text": text, "flow": "auth", "of": of, "from_step": "login" }),
        json!({ "text": text, "flow": "logout", "of": of }),
        json!({ "text": text.replace("login.body.access_token}}\" }\n      extract", "login.body.token}}\" }\n      extract"), "flow": "auth", "of": of, "from_step": "page" }),
    ] {
        let run = bob.send("POST /api/test-runs", &body).await.expect(201);
        shown.push(run.text.clone());
        let path = path(&run.json());
        let stream = [("accept", "text/event-stream")];
        shown.push(bob.raw(&format!("GET {path}"), &stream, "").await.text);
        shown.push(bob.get(&format!("{path}/report")).await.expect(200).text);
    }
    shown.push(bob.get(&format!("{}/report", path(&run))).await.text);
    shown.push(bob.get("/api/test-runs").await.text);
    for text in &shown {
        assert!(text.len() > 50, "{text}");
        for canary in CANARIES {
            for spelled in [
                canary.to_owned(),
                canary.replace(' ', "%20"),
                canary.replace(' ', "+"),
            ] {
                assert!(!text.contains(&spelled), "{spelled} in {text}");
            }
        }
    }
    let table = [
        ("login.body.access_token", json!("access-canary-0001")),
        ("cookies.sid", json!("cookie-canary-0003")),
        ("form1.password", json!("typed-canary-0001")),
        ("page.csrf", json!("page-canary-0004")),
    ];
    for (what, expected) in table {
        let value = reveal(&bob, &run, what).await.expect(200);
        assert_eq!(value.header("cache-control"), "no-store");
        assert_eq!(value.json()["value"], expected, "{what}");
    }
    // A secret of the connector is shown to nobody.
    let exchanged = done.json();
    let index = events(&exchanged, "exchanged").last().unwrap()["index"].clone();
    let first = events(&exchanged, "exchanged")[0]["index"].clone();
    let header = format!("exchange[{first}].request.headers.x-client");
    assert_eq!(reveal(&bob, &run, &header).await.json()["value"], "••••");
    let hint = format!("exchange[{index}].hops[1].request.url");
    let hint = reveal(&bob, &run, &hint).await.expect(200).json();
    assert!(
        hint["value"]
            .as_str()
            .unwrap()
            .ends_with("query-canary-0005")
    );
    for nothing in [
        "login.body.nothing",
        "secrets.from_env",
        "variables.x",
        "exchange[0].request",
    ] {
        reveal(&bob, &run, nothing).await.expect(404);
    }
    reveal(&bob, &run, "no path").await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_token_shows_that_the_session_is_over_and_renewed() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let text = definition(&api);
    let of = signed_in(&bob, &text).await["id"].clone();
    let run = start(
        &bob,
        json!({ "text": text, "flow": "refresh", "of": of, "spoil": true }),
    )
    .await;
    assert_eq!(run["state"], "done", "{run:#}");
    let phases: Vec<_> = events(&run, "phase");
    let phases: Vec<_> = phases
        .iter()
        .map(|phase| phase["name"].as_str().unwrap())
        .collect();
    assert_eq!(phases, ["spoiled_call", "refresh", "call"]);
    let updated = events(&run, "updated");
    assert_eq!(
        (&updated[0]["target"], &updated[0]["changed"]),
        (&json!("login.body.access_token"), &json!(true))
    );
    assert_eq!(events(&run, "warning"), Vec::<&Value>::new());
    assert_eq!(
        run["outcome"],
        json!({ "status": 200, "expected": true, "over": false, "renewed": true })
    );
    let statuses: Vec<_> = events(&run, "exchanged");
    let statuses: Vec<_> = statuses
        .iter()
        .map(|it| it["hops"][0]["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [401, 200, 200]);
    // A refresh flow that changes nothing of what is sent says so.
    let same = text.replace("{{renew.body.token}}", "{{login.body.access_token}}");
    let run = start(&bob, json!({ "text": same, "flow": "refresh", "of": of })).await;
    let warnings = events(&run, "warning");
    assert!(
        warnings[0]["message"]
            .as_str()
            .unwrap()
            .contains("send the same as before"),
        "{run:#}"
    );
    // An endpoint is sent once more after the renewal.
    let body = json!({ "text": text, "flow": "endpoint", "endpoint": "note", "parameters": { "id": 4 }, "of": of, "spoil": true });
    let run = start(&bob, body).await;
    assert_eq!(run["outcome"]["renewed"], true, "{run:#}");
    assert_eq!(api.requests_to("/notes/4").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_says_what_where_and_what_was_probably_meant() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let text = definition(&api);
    let of = signed_in(&bob, &text).await["id"].clone();
    let wrong = text.replace(
        "/go?t={{login.body.access_token}}",
        "/go?t={{login.body.token}}",
    );
    let line = wrong
        .lines()
        .position(|line| line.contains("/go?t="))
        .unwrap()
        + 1;
    let body = json!({ "text": wrong, "flow": "auth", "of": of, "from_step": "page" });
    let run = start(&bob, body).await;
    let error = &run["error"];
    assert_eq!(run["state"], "failed", "{run:#}");
    assert_eq!(
        (&error["step"], &error["flow"], &error["line"]),
        (&json!("page"), &json!("auth_flow"), &json!(line))
    );
    assert_eq!(error["path"], "auth_flow.steps[2].request.url");
    assert_eq!(error["nearest"], "login.body.access_token");
    assert_eq!(error["whose_fault"], "builder");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("login.body.token")
    );
    // Nothing was sent again that came before the step.
    assert_eq!(api.requests_to("/login").len(), 1);
    let report = bob.get(&format!("{}/report", path(&run))).await.expect(200);
    assert_eq!(
        report.header("content-type"),
        "text/markdown; charset=utf-8"
    );
    assert!(
        report.text.contains(&format!("line {line}")),
        "{}",
        report.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_began_at_a_step_can_begin_at_it_again() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let text = definition(&api);
    let mut of = signed_in(&bob, &text).await["id"].clone();
    for step in ["page", "page", "login", "page"] {
        let body = json!({ "text": text, "flow": "auth", "of": of, "from_step": step });
        let run = start(&bob, body).await;
        assert_eq!(run["state"], "done", "{run:#}");
        of = run["id"].clone();
    }
    let pages = api.requests_to("/go");
    let cookies = pages.iter().map(|page| page.headers().get("cookie"));
    let cookies: Vec<_> = cookies
        .map(|it| it.and_then(|it| it.to_str().ok()))
        .collect();
    assert_eq!(cookies, [Some("sid=cookie-canary-0003"); 5]);
    assert_eq!(api.requests_to("/login").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_gives_one_value_one_number() {
    let (_world, _, bob) = World::with_both_and_apis().await;
    let api = api();
    let text = definition(&api);
    let of = signed_in(&bob, &text).await["id"].clone();
    let body = json!({ "text": text, "flow": "auth", "of": of, "from_step": "page" });
    let run = start(&bob, body).await;
    let report = bob.get(&format!("{}/report", path(&run))).await.text;
    // What the page's reply held, and what was picked out of it.
    let number = |after: &str| {
        let rest = report
            .split(after)
            .nth(1)
            .unwrap_or_else(|| panic!("{after} in {report}"));
        rest.split_once(']').unwrap().0.to_owned()
    };
    let cookie = number("cookie: sid=");
    assert!(cookie.starts_with("[secret "), "{report}");
    assert!(
        report.matches(&format!("{cookie}]")).count() > 1,
        "{report}"
    );
}

const RESENT: &str = r#"stepgate: 1
connector: coded
base_url: BASE
auth_flow:
  steps:
    - { id: send, kind: api_request, request: { method: POST, url: "{{base_url}}/send" } }
    - id: form1
      kind: form
      title: Enter the code
      fields: [{ key: code, type: otp }]
      resend: send
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_is_about_is_sent_again_in_a_test_run_too() {
    let (_world, ada, bob) = World::with_both_and_apis().await;
    let api = Upstream::start(|_| Reply::json(json!({})));
    let text = RESENT.replace("BASE", &api.origin());
    let run = start(&bob, json!({ "text": text, "flow": "auth" })).await;
    let left = |run: &Value| run["waiting_for"]["form"]["resends_left"].as_u64().unwrap();
    let line = format!("POST {}/resend", path(&run));
    ada.send(&line, &Value::Null).await.expect(404);
    let again = bob.send(&line, &Value::Null).await.expect(200).json();
    assert_eq!(left(&again), left(&run) - 1);
    assert_eq!(again["waiting_for"]["form"]["notice"], "Sent again.");
    assert_eq!(api.requests_to("/send").len(), 2);
    let told = events(&again, "sent_again");
    assert_eq!(
        (&told[0]["form"], &told[0]["from"]),
        (&json!("form1"), &json!("send"))
    );
    let report = bob.get(&format!("{}/report", path(&run))).await.expect(200);
    assert!(report.text.contains("sent again, from send on"));

    let plain = start(&bob, json!({ "text": definition(&api), "flow": "auth" })).await;
    let line = format!("POST {}/resend", path(&plain));
    let refused = bob.send(&line, &Value::Null).await;
    assert_eq!(refused.expect(409).code(), "wrong_turn");
}
