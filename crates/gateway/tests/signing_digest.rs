//! Calls to an API that challenges (RFC 7616), and that works out each answer for itself.

use crate::front::{Front, to};
use crate::pieces::Pieces;
use crate::world::{World, json_body, request};
use bytes::Bytes;
use gateway::CallBody;
use http::{Method, Request};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use testkit::{Received, Reply, Upstream};

const DIGEST: &str = r#"
sign_in: { kind: digest, username: me, password: "p:w" }
session: { over_when: { value: "{{response.status}}", equals: 418 } }
"#;

/// How the API behaves.
#[derive(Default)]
struct State {
    nonce: u32,
    used: HashSet<String>,
    qop: &'static str,
    algorithm: &'static str,
    /// Given with the next good answer.
    next: Option<u32>,
}

struct Api {
    upstream: Upstream,
    state: Arc<Mutex<State>>,
}

impl Api {
    fn open(algorithm: &'static str, qop: &'static str) -> Self {
        let state = State {
            nonce: 1,
            qop,
            algorithm,
            ..State::default()
        };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        let upstream = Upstream::start(move |request| shared.lock().unwrap().answer(request));
        Self { upstream, state }
    }

    fn sent(&self) -> usize {
        self.upstream.requests().len()
    }
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Reply {
        let Some(said) = request.header("authorization") else {
            return self.challenge("");
        };
        let part = |name: &str| -> String {
            let found = said
                .split(", ")
                .find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            found.unwrap_or_default().trim_matches('"').to_owned()
        };
        let said = said.strip_prefix("Digest ").unwrap_or_default();
        assert!(
            said.starts_with("username=\"me\", realm=\"the realm\""),
            "{said}"
        );
        assert_eq!(part("uri"), request.uri().to_string());
        let (nonce, count) = (part("nonce"), part("nc"));
        let mut a2 = format!("{}:{}", request.method(), request.uri());
        if self.qop == "auth-int" {
            a2 = format!("{a2}:{}", hash(request.body()));
        }
        let expected = format!(
            "{}:{nonce}:{count}:{}:{}:{}",
            hash(b"me:the realm:p:w"),
            part("cnonce"),
            self.qop,
            hash(a2.as_bytes())
        );
        if part("response") != hash(expected.as_bytes()) {
            return self.challenge("");
        }
        if nonce != format!("n-{}", self.nonce) {
            return self.challenge(", stale=true");
        }
        assert!(
            self.used.insert(format!("{nonce} {count}")),
            "{nonce} {count} came twice"
        );
        let reply = Reply::json(serde_json::json!({ "count": count }));
        match self.next.take() {
            Some(next) => {
                self.nonce = next;
                reply.header(
                    "authentication-info",
                    &format!("nextnonce=\"n-{next}\", qop={}", self.qop),
                )
            }
            None => reply,
        }
    }

    fn challenge(&self, rest: &str) -> Reply {
        let said = format!(
            "Digest realm=\"the realm\", nonce=\"n-{}\", algorithm={}, qop=\"{}\"{rest}",
            self.nonce, self.algorithm, self.qop
        );
        Reply::status(401)
            .header("www-authenticate", "Basic realm=\"other\"")
            .header("www-authenticate", &said)
    }
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_answered_within_one_sending_and_kept_for_the_next() {
    for qop in ["auth", "auth-int"] {
        let api = Api::open("SHA-256", qop);
        let world = World::at(&api.upstream.origin(), DIGEST).await;
        let put = || request(Method::PUT, "/x?a=1", &[], json_body("{\"a\":1}"));
        let answer = world.call(put()).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.attempts, api.sent()),
            (200, 1, 2)
        );
        let front = Front::of(&world).await;
        for count in 2_usize..5 {
            let got = front
                .got(to(
                    Method::PUT,
                    "/x?a=1",
                    &[("Authorization", "Digest theirs")],
                    "{}",
                ))
                .await;
            assert_eq!((got.status, got.attempts()), (200, 1));
            assert_eq!(got.json()["count"], format!("{count:08x}"));
        }
        assert_eq!(api.sent(), 5, "no further challenge");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_nonce_is_no_refusal_and_the_next_one_is_taken() {
    let api = Api::open("SHA-256", "auth");
    let world = World::at(&api.upstream.origin(), DIGEST).await;
    assert_eq!(world.get("/a").await.unwrap().status, 200);
    api.state.lock().unwrap().nonce = 2;
    assert_eq!(world.get("/b").await.unwrap().status, 200);
    assert_eq!(api.sent(), 4);
    api.state.lock().unwrap().next = Some(7);
    for path in ["/c", "/d"] {
        assert_eq!(world.get(path).await.unwrap().status, 200);
    }
    assert_eq!(
        api.sent(),
        6,
        "the nonce that was announced is used at once"
    );
    let last = api.upstream.last_request();
    let said = last.header("authorization").unwrap();
    assert!(
        said.contains("nonce=\"n-7\"") && said.contains("nc=00000001"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_refused_is_not_tried_again() {
    let api = Api::open("SHA-256", "auth");
    let wrong = DIGEST.replace("p:w", "wrong");
    let world = World::at(&api.upstream.origin(), &wrong).await;
    let answer = world.get("/a").await.unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.attempts, api.sent()),
        (401, 1, 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_that_is_not_known_is_named() {
    let api = Api::open("SHA3-512", "auth");
    let world = World::at(&api.upstream.origin(), DIGEST).await;
    let error = world.get("/a").await.unwrap_err();
    assert_eq!(
        (error.code(), error.whose_fault().word()),
        ("sign_in_unusable", "builder")
    );
    let said = error.to_string();
    assert!(
        said.contains("`SHA3-512`") && said.contains("SHA-256"),
        "{said}"
    );
    assert_eq!(api.sent(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_too_large_to_keep_goes_once_the_challenge_is_known() {
    let api = Api::open("SHA-256", "auth");
    let world = World::at(&api.upstream.origin(), DIGEST).await;
    let front = Front::of(&world).await;
    let upload = || {
        let body = Pieces::default().of(110);
        front.got(Request::put("/proxy/echo/up").body(body).unwrap())
    };
    assert_eq!(upload().await.code(), Some("body_too_large"));
    assert_eq!(api.sent(), 0);
    assert_eq!(world.get("/a").await.unwrap().status, 200);
    assert_eq!(upload().await.status, 200);
    assert!(api.upstream.last_request().body() == &Pieces::sum(&[110]));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_side_by_side_count_for_themselves() {
    let api = Api::open("SHA-256", "auth");
    let world = Arc::new(World::at(&api.upstream.origin(), DIGEST).await);
    assert_eq!(world.get("/first").await.unwrap().status, 200);
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move {
                let call = request(Method::GET, "/x", &[], CallBody::Empty);
                world.call(call).await.unwrap().status
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(api.sent(), 18);
}
