//! What a browser keeps, over HTTP: how it comes to it, how it is renewed, and of what little use it is to others.

use crate::wire::Answer;
use crate::world::{OTHER, SHOP, World};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::{Received, Reply, Upstream};

const USER: &str = "Stepgate-User: u1";

/// A server with an API whose sessions the test ends.
struct Kept {
    world: World,
    api: Upstream,
    /// The newest session's number.
    newest: Arc<AtomicUsize>,
}

impl Kept {
    async fn start() -> Self {
        let newest = Arc::new(AtomicUsize::new(0));
        let sessions = newest.clone();
        let api = Upstream::start(move |request| {
            let token = |number: usize| format!("secret-session-{number}");
            if request.uri().path() == "/login" {
                let number = sessions.fetch_add(1, Ordering::SeqCst) + 1;
                return Reply::json(json!({ "token": token(number) }));
            }
            let newest = token(sessions.load(Ordering::SeqCst));
            match request.bearer() {
                Some(shown) if shown == newest => {}
                _ => return Reply::json(json!({})).with_status(401),
            }
            let reply = Reply::json(json!({ "session": newest }));
            match request.uri().path() {
                "/cookies" => reply.cookie("seen=1; Path=/"),
                _ => reply.header("Cache-Control", "public, max-age=600"),
            }
        });
        let definition = format!(
            "stepgate: 1\nconnector: gone\nbase_url: {0}\nconnection: {{ keep_in: browser }}\n\
             auth_flow:\n  steps:\n    - {{ id: form1, kind: form, title: Sign in, fields: [ {{ key: password, type: password, label: Password }} ] }}\n    \
             - {{ id: login, kind: api_request, request: {{ method: POST, url: \"{0}/login\", form: {{ pass: \"{{{{form1.password}}}}\" }} }} }}\n\
             refresh_flow: {{ same_as_auth_flow: true, use_stored_credentials: true }}\n\
             sign_in: {{ kind: bearer, token: \"{{{{login.body.token}}}}\" }}\n\
             endpoints:\n  - name: read\n    request: {{ method: GET, url: \"{{{{base_url}}}}/{{{{parameters.id}}}}\" }}\n    \
             parameters: {{ id: {{ type: string }} }}\n",
            api.origin()
        );
        let world = World::with(|settings| {
            let folder = settings.connectors.as_ref().unwrap();
            std::fs::write(folder.join("gone.yaml"), definition).unwrap();
        })
        .await;
        Self { world, api, newest }
    }

    /// Ends the session at the API.
    fn end_session(&self) {
        self.newest.fetch_add(1, Ordering::SeqCst);
    }

    async fn sign_in(&self, body: Value) -> Answer {
        let headers = [SHOP, USER, "Content-Type: application/json"];
        let body = body.to_string();
        let run = self.world.send("POST /api/runs", &headers, &body).await;
        let line = format!(
            "POST /api/runs/{}/answers",
            run.json()["id"].as_str().unwrap()
        );
        let answers = json!({ "form1": { "password": "open" } }).to_string();
        let answer = self.world.send(&line, &headers, &answers).await;
        assert_eq!(answer.json()["state"], "signed_in", "{answer:?}");
        answer
    }

    async fn get(&self, path: &str, blob: Option<&str>) -> Answer {
        self.send(&format!("GET {path}"), &[SHOP, USER], blob).await
    }

    async fn send(&self, line: &str, headers: &[&str], blob: Option<&str>) -> Answer {
        let shown = blob.map(|blob| format!("Stepgate-Credential: {blob}"));
        let mut headers = headers.to_vec();
        headers.extend(shown.as_deref());
        self.world.send(line, &headers, "").await
    }

    /// Whether the row of this connection holds anything of the credential.
    async fn row_holds(&self, id: &str) -> bool {
        let record = self.world.store.get(id).await.unwrap().unwrap();
        record.sealed != store::Sealed::default() || record.cookies.is_some()
    }
}

fn id(run: &Answer) -> String {
    run.json()["connection_id"].as_str().unwrap().to_owned()
}

fn blob(answer: &Answer) -> Option<String> {
    answer.header("stepgate-credential").map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_one_replaces_what_the_browser_keeps_and_reaches_its_other_windows() {
    let kept = Kept::start().await;
    let run = kept.sign_in(json!({ "connector": "gone" })).await;
    let (id, first) = (id(&run), blob(&run).unwrap());
    let run = format!("/api/runs/{}", run.json()["id"].as_str().unwrap());
    assert!(kept.row_holds(&id).await);
    let again = kept.get(&run, None).await;
    assert!(blob(&again).is_some(), "{again:?}");

    // Once it is shown the store has nothing, and nobody gets it without.
    let call = kept.get("/proxy/gone/x", Some(&first)).await;
    assert_eq!((call.status, blob(&call)), (200, None), "{call:?}");
    assert!(!kept.row_holds(&id).await);
    assert_eq!(blob(&kept.get(&run, None).await), None);
    let none = kept.get("/proxy/gone/x", None).await;
    assert_eq!(
        (none.status, none.problem().as_str()),
        (409, "sign_in_required")
    );
    assert!(none.json()["sign_in_url"].is_string(), "{none:?}");

    kept.end_session();
    let call = kept.get("/proxy/gone/x", Some(&first)).await;
    assert_eq!(call.status, 200, "{call:?}");
    assert_eq!(call.header("stepgate-attempts"), Some("2"));
    assert_eq!(call.header("cache-control"), Some("no-store"));
    assert!(blob(&call).is_some() && kept.row_holds(&id).await);
    // Had that answer been lost: the older one is as good, and is answered with the newer.
    let call = kept.get("/proxy/gone/x", Some(&first)).await;
    assert_eq!(call.header("stepgate-attempts"), Some("1"));
    let second = blob(&call).unwrap();
    let call = kept.get("/proxy/gone/x", Some(&second)).await;
    assert_eq!((call.status, blob(&call)), (200, None), "{call:?}");
    assert!(call.header("cache-control").unwrap().contains("max-age"));
    assert!(!kept.row_holds(&id).await);
    let late = kept.get("/proxy/gone/x", Some(&first)).await;
    assert_eq!(late.status, 200, "{late:?}");
    assert!(blob(&late).is_some());
    assert_eq!(kept.api.last_request().header("stepgate-credential"), None);

    // What calls bring goes to the browser too.
    let call = kept.get("/proxy/gone/cookies", Some(&second)).await;
    assert!(blob(&call).is_some_and(|blob| blob != second), "{call:?}");
    assert!(!kept.row_holds(&id).await);
    let disk = kept.world.on_disk();
    let mut windows = disk.windows(b"secret-session".len());
    assert!(windows.all(|window| window != b"secret-session"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_browsers_own_counts_as_none() {
    let kept = Kept::start().await;
    let run = kept.sign_in(json!({ "connector": "gone" })).await;
    let (first, shown) = (id(&run), blob(&run).unwrap());
    // An answer that is ours brings what waits, too.
    let refused = kept.send("POST /call/gone/read", &[SHOP, USER], None).await;
    assert_eq!(refused.problem(), "missing_parameter");
    assert!(blob(&refused).is_some());
    assert_eq!(kept.get("/proxy/gone/x", Some(&shown)).await.status, 200);

    let told = |answer: &Answer| {
        let body = answer.json();
        (
            answer.status,
            answer.problem(),
            body["detail"].clone(),
            blob(answer),
        )
    };
    let none = told(&kept.get("/proxy/gone/x", None).await);
    assert_eq!((none.0, none.1.as_str()), (409, "sign_in_required"));
    let altered = format!("{}A", &shown[..shown.len() - 1]);
    let altered = if altered == shown {
        format!("{shown}A")
    } else {
        altered
    };
    for bad in ["", "x", "\u{e9}", "sb1.x.1.AA", &altered] {
        let answer = kept.get("/proxy/gone/x", Some(bad)).await;
        assert_eq!(told(&answer), none, "{bad}");
    }
    for (line, headers) in [
        ("GET /proxy/gone/x", [SHOP, "Stepgate-User: u2"]),
        ("GET /proxy/gone/x", [OTHER, USER]),
        ("GET /proxy/kept/x", [SHOP, USER]),
    ] {
        let without = told(&kept.send(line, &headers, None).await);
        assert_eq!((without.0, without.1.as_str()), (409, "sign_in_required"));
        let with = told(&kept.send(line, &headers, Some(&shown)).await);
        assert_eq!(with, without, "{line} {headers:?}");
    }

    // Nor does it stand in for another connection of its own user.
    let more = json!({ "connector": "gone", "connection": "work" });
    let work = blob(&kept.sign_in(more).await).unwrap();
    let named = format!("Stepgate-Connection: {first}");
    let named = [SHOP, USER, &named];
    let get = |blob| kept.send("GET /proxy/gone/x", &named, blob);
    assert_eq!(told(&get(Some(work.as_str())).await), none);
    assert_eq!(told(&get(None).await), none);
    assert_eq!(get(Some(shown.as_str())).await.status, 200);
    let nothing = "Stepgate-Connection: c_none";
    for blob in [None, Some(shown.as_str())] {
        let answer = kept
            .send("GET /proxy/gone/x", &[SHOP, USER, nothing], blob)
            .await;
        assert_eq!(answer.status, 404, "{answer:?}");
    }

    let long = "a".repeat((32 << 10) + 1);
    let answer = kept.get("/proxy/gone/x", Some(&long)).await;
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (431, "credential_too_long")
    );
    let twice = format!("Stepgate-Credential: {shown}");
    let twice = [SHOP, USER, &twice];
    let answer = kept.send("GET /proxy/gone/x", &twice, Some(&shown)).await;
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (400, "bad_header")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_keeps_it_by_the_api_as_well() {
    const ORIGIN: &str = "Origin: https://shop.example.org";
    let kept = Kept::start().await;
    let run = kept.sign_in(json!({ "connector": "gone" })).await;
    let (id, first) = (id(&run), blob(&run).unwrap());
    let renew = format!("POST /api/connections/{id}/renew");
    let page = [SHOP, USER, ORIGIN];
    let renewed = kept.send(&renew, &page, Some(&first)).await;
    assert_eq!(renewed.status, 200, "{renewed:?}");
    let second = blob(&renewed).unwrap();
    assert!(kept.row_holds(&id).await);
    let exposed = renewed.header("access-control-expose-headers").unwrap();
    assert!(exposed.contains("Stepgate-Credential"), "{exposed}");
    let call = kept.get("/proxy/gone/x", Some(&second)).await;
    assert_eq!((call.status, blob(&call)), (200, None), "{call:?}");
    assert!(!kept.row_holds(&id).await);

    let asks = [
        ORIGIN,
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization, stepgate-credential",
    ];
    for path in [renew.as_str(), "POST /proxy/gone/x", "POST /api/runs"] {
        let line = path.replace("POST", "OPTIONS");
        let answer = kept.send(&line, &asks, None).await;
        let allowed = answer.header("access-control-allow-headers");
        assert!(allowed.unwrap().contains("stepgate-credential"), "{line}");
    }
    for (line, origin) in [
        (renew.as_str(), "Origin: https://other.example.org"),
        (renew.as_str(), "Origin: https://evil.example"),
        ("OPTIONS /api/runs", "Origin: https://evil.example"),
        ("OPTIONS /api/apps", ORIGIN),
    ] {
        let headers = [SHOP, USER, asks[1], origin];
        let answer = kept.send(line, &headers, Some(&second)).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{line}");
        assert!(answer.status >= 400, "{answer:?}");
    }
    let out = format!("POST /api/connections/{id}/sign-out");
    let out = kept.send(&out, &page, Some(&second)).await;
    assert_eq!(out.status, 200, "{out:?}");
    let gone = kept.get("/proxy/gone/x", Some(&second)).await;
    assert_eq!(gone.problem(), "sign_in_required");
}
