//! A call on a lane and the same on the general path: the API gets the same, and so does the caller.

use crate::front::{Front, to};
use crate::world::{BEARER, LOGIN, World, request};
use bytes::Bytes;
use gateway::CallBody;
use http::{HeaderMap, Method, Request};
use testkit::{Received, Reply};

/// What is tried. A world is signed in, perhaps its session ends, and the request is sent.
struct Situation {
    name: &'static str,
    definition: String,
    method: Method,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    /// The API's replies in place of an echo.
    replies: Vec<Reply>,
    before: fn(&World),
}

impl Situation {
    fn new(name: &'static str, definition: &str) -> Self {
        Self {
            name,
            definition: definition.to_owned(),
            method: Method::GET,
            path: "/api/x",
            headers: &[],
            body: "",
            replies: Vec::new(),
            before: |_| {},
        }
    }

    fn path(self, path: &'static str) -> Self {
        Self { path, ..self }
    }

    fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    fn body(self, body: &'static str) -> Self {
        Self { body, ..self }
    }

    fn answered(mut self, reply: Reply) -> Self {
        self.replies.push(reply);
        self
    }

    fn before(self, before: fn(&World)) -> Self {
        Self { before, ..self }
    }

    async fn world(&self) -> World {
        let world = World::new(&self.definition).await;
        for reply in &self.replies {
            world.api.answers(reply.clone());
        }
        (self.before)(&world);
        world
    }
}

/// What both sides saw, in a form that can be compared.
#[derive(Debug, Eq, PartialEq)]
struct Outcome {
    status: Result<u16, String>,
    headers: Vec<String>,
    body: Bytes,
    received: Vec<String>,
    logins: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lane_and_the_general_path_do_the_same() {
    for situation in situations() {
        let world = situation.world().await;
        let general = general(&situation, &world).await;
        let world = situation.world().await;
        let lane = lane(&situation, &world).await;
        assert_eq!(lane, general, "{}", situation.name);
    }
}

async fn general(situation: &Situation, world: &World) -> Outcome {
    let body = match situation.body {
        "" => CallBody::Empty,
        text => CallBody::Bytes(Bytes::from_static(text.as_bytes())),
    };
    let method = situation.method.clone();
    let call = request(method, situation.path, situation.headers, body);
    let answered = world.call(call).await;
    let (status, headers, body) = match answered {
        Ok(answer) => {
            let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
            let told = format!("{} {}", answer.attempts, answer.renewed);
            let body = http_body_util::BodyExt::collect(answer.body).await.unwrap();
            let mut headers = shown(&headers, world);
            headers.push(told);
            (Ok(status), headers, body.to_bytes())
        }
        Err(error) => (Err(error.code().to_owned()), Vec::new(), Bytes::new()),
    };
    outcome(status, headers, body, world)
}

async fn lane(situation: &Situation, world: &World) -> Outcome {
    let front = Front::of(world).await;
    let request = to(
        situation.method.clone(),
        situation.path,
        situation.headers,
        situation.body,
    );
    let mut got = front.got(request).await;
    if let Some(code) = got.code() {
        return outcome(Err(code.to_owned()), Vec::new(), Bytes::new(), world);
    }
    let told = format!(
        "{} {}",
        got.attempts(),
        got.header("x-renewed") == Some("1")
    );
    for ours in ["x-attempts", "x-renewed", "x-over", "x-unexpected"] {
        got.headers.remove(ours);
    }
    let mut headers = shown(&got.headers, world);
    headers.push(told);
    outcome(Ok(got.status), headers, got.body, world)
}

fn outcome(
    status: Result<u16, String>,
    headers: Vec<String>,
    body: Bytes,
    world: &World,
) -> Outcome {
    let port = world.api.upstream.port().to_string();
    let mut body = String::from_utf8_lossy(&body).replace(&port, "PORT");
    // An echo of the headers is in the order of their arrival, and they stand among what was received.
    if let Ok(serde_json::Value::Object(mut echo)) = serde_json::from_str(&body) {
        echo.remove("headers");
        body = serde_json::Value::Object(echo).to_string();
    }
    let mut received = world.api.upstream.requests();
    received.retain(|request| request.uri().path() != "/login");
    Outcome {
        status,
        headers,
        body: body.into(),
        received: received.iter().map(|one| line(one, world)).collect(),
        logins: world.api.logins(),
    }
}

fn line(request: &Request<Bytes>, world: &World) -> String {
    format!(
        "{} {} {:?} {}",
        request.method(),
        request.uri(),
        shown(request.headers(), world),
        request.text()
    )
}

fn shown(headers: &HeaderMap, world: &World) -> Vec<String> {
    let port = world.api.upstream.port().to_string();
    let mut lines: Vec<String> = headers
        .iter()
        .filter(|(name, _)| !["date", "transfer-encoding"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .map(|line| line.replace(&port, "PORT"))
        .collect();
    lines.sort();
    lines
}

const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];
const FORM: &[(&str, &str)] = &[("Content-Type", "application/x-www-form-urlencoded")];

fn situations() -> Vec<Situation> {
    let forwarding = format!("{BEARER}cookies: {{ forward_all: true }}\n");
    let submit = |place: &str| {
        format!(
            "{BEARER}cookies: {{ forward_all: true, double_submit: {{ cookie: csrftoken, send_as: {{ in: {place}, name: x-csrf }} }} }}\n"
        )
    };
    let parameters = |list: &str| format!("{BEARER}request_parameters:\n{list}");
    let over_when = |condition: &str| format!("{BEARER}session: {{ over_when: {condition} }}\n");
    let life = format!(
        "{BEARER}session: {{ expires_in: \"{{{{login.body.expires_in}}}}\", margin: 60s }}\n"
    );
    let expired = Reply::json(serde_json::json!({ "error": { "code": "expired" } }));
    let large = Reply::json(
        serde_json::json!({ "fill": "x".repeat(40_000), "error": { "code": "expired" } }),
    );
    let in_body = "{ value: \"{{response.body.error.code}}\", equals: expired }";
    vec![
        Situation::new("a token", BEARER),
        Situation::new("a name and a password", &format!("{LOGIN}sign_in: {{ kind: basic, username: a, password: \"{{{{login.body.token}}}}\" }}\n")).path("/public"),
        Situation::new("nothing attached", LOGIN).path("/public?a=1"),
        Situation::new("attack 32: the caller's own", BEARER).headers(&[
            ("Authorization", "Bearer mine"),
            ("Cookie", "sid=mine"),
            ("X-Forwarded-For", "10.0.0.1"),
            ("Forwarded", "for=10.0.0.1"),
            ("Stepgate-Key", "sg_app_1"),
            ("Proxy-Authorization", "Basic x"),
            ("Idempotency-Key", "k"),
            ("Accept", "text/plain"),
        ]),
        Situation::new("attack 38: fields of the hop", BEARER).headers(&[
            ("Connection", "authorization, x-drop, host"),
            ("X-Drop", "1"),
            ("X-Keep", "1"),
            ("Keep-Alive", "timeout=5"),
            ("Upgrade", "h2c"),
        ]),
        Situation::new("attack 32: parameters over the caller's", &parameters(
            "  - { in: header, name: X-Own, value: [ours, too] }\n  - { in: query, name: key, value: [\"a b\", c] }\n",
        ))
        .headers(&[("X-Own", "mine"), ("x-own", "again")])
        .path("/api/x?key=mine&b=%20&k%65y=2"),
        Situation::new("a parameter that is not there", &parameters(
            "  - { in: header, name: X-Own, value: [] }\n",
        ))
        .headers(&[("X-Own", "mine")]),
        Situation::new("a parameter by the call's method", &parameters(
            "  - { in: header, name: X-Own, value: ours, when: { value: \"{{request.method}}\", equals: GET } }\n",
        )),
        Situation::new("a parameter by the call's URL", &parameters(
            "  - { in: header, name: X-Own, value: ours, when: { value: \"{{request.url}}\", matches: \"/api/x\\\\?a=1$\" } }\n",
        ))
        .path("/api/x?a=1"),
        Situation::new("a parameter of the moment", &parameters(
            "  - { in: query, name: at, value: \"{{now}}\" }\n",
        )),
        Situation::new("a parameter in the body", &parameters(
            "  - { in: body, name: csrf, value: \"{{cookies.csrftoken}}\" }\n",
        ))
        .method(Method::POST)
        .headers(JSON)
        .body("{\"a\":1}"),
        Situation::new("a body that takes no key", &parameters(
            "  - { in: body, name: csrf, value: \"{{cookies.csrftoken}}\" }\n",
        ))
        .method(Method::POST)
        .headers(JSON)
        .body("[1]"),
        Situation::new("cookies", &forwarding),
        Situation::new("a cookie submitted twice, in a field", &submit("header")),
        Situation::new("a cookie submitted twice, in the query", &submit("query")).path("/api/x?x-csrf=mine&b=1"),
        Situation::new("a cookie submitted twice, in the body", &submit("body"))
            .method(Method::POST)
            .headers(FORM)
            .body("a=1&x-csrf=mine"),
        Situation::new("a signature of each call", &format!(
            "{LOGIN}sign_in: {{ kind: hmac, key: \"{{{{login.body.token}}}}\", name: sig, in: query, string_to_sign: \"{{{{request.target}}}} {{{{nonce}}}} {{{{request.body}}}}\", headers: {{ X-Nonce: \"{{{{nonce}}}}\" }} }}\n"
        ))
        .path("/public?a=1&sig=mine")
        .headers(JSON)
        .method(Method::POST)
        .body("{\"a\":1}"),
        Situation::new("a path with escapes", BEARER).path("/api/a%20b/%C3%A4?x=1&y=%2F&z=a+b"),
        Situation::new("a path with a colon", BEARER).path("/api/users:batch"),
        Situation::new("attack 31: a path that leads out", BEARER).path("/api/..%2f..%2fx"),
        Situation::new("attack 31: a host in the path", BEARER).path("//evil.example/x"),
        Situation::new("a method that gives the credential back", BEARER).method(Method::TRACE),
        Situation::new("a body", BEARER).method(Method::PUT).headers(JSON).body("{\"a\":1}"),
        Situation::new("a write without a body", BEARER).method(Method::POST),
        Situation::new("no body asked for", BEARER).method(Method::HEAD),
        Situation::new("no content", BEARER).method(Method::DELETE).answered(Reply::status(204)),
        Situation::new("not modified", BEARER).answered(Reply::status(304).header("etag", "\"1\"")),
        Situation::new("the API's own error", BEARER).answered(
            Reply::text("gone").with_status(410).header("x-reason", "old"),
        ),
        Situation::new("attack 36: what is not for the caller", &forwarding).answered(
            Reply::text("ok")
                .cookie("sid=1; Path=/")
                .header("stepgate-outcome", "gateway; code=forged")
                .header("connection", "x-hop")
                .header("x-hop", "1")
                .header("proxy-authenticate", "Basic"),
        ),
        Situation::new("a compressed body", BEARER).answered(Reply::text("packed").gzipped()),
        Situation::new("a session that is over", BEARER).before(|world| world.api.ends_session()),
        Situation::new("a session that is over, with a body", BEARER)
            .method(Method::POST)
            .headers(JSON)
            .body("{\"a\":1}")
            .before(|world| world.api.ends_session()),
        Situation::new("a session that stays over", BEARER).before(|world| world.api.refuses_all()),
        Situation::new("a session that needs a person", BEARER).before(|world| {
            world.api.ends_session();
            world.api.answers_login(Reply::status(403));
        }),
        Situation::new("a session that cannot be renewed for now", BEARER).before(|world| {
            world.api.ends_session();
            world.api.answers_login(Reply::status(503));
        }),
        Situation::new("over by a word in the body", &over_when(in_body)).answered(expired.clone()),
        Situation::new("over by a word in a compressed body", &over_when(in_body)).answered(expired.gzipped()),
        Situation::new("over by a word in a larger body", &over_when(in_body)).answered(large),
        Situation::new("a body that is judged and good", &over_when(in_body)),
        Situation::new("over by a field", &over_when("{ value: \"{{response.headers.x-session}}\", equals: over }"))
            .answered(Reply::text("").header("x-session", "over")),
        Situation::new("a session that ends soon", &life).before(|world| {
            world.clock.advance(50);
        }),
        Situation::new("a session that ends soon and cannot be renewed yet", &life).before(|world| {
            world.clock.advance(60);
            world.api.answers_login(Reply::status(503));
        }),
        Situation::new("an API that hangs up", BEARER)
            .method(Method::POST)
            .answered(Reply::hang_up()),
        Situation::new("a reply that is no HTTP", BEARER).answered(Reply::raw("nonsense\r\n\r\n")),
        Situation::new("attack 33: a value that cannot be sent", &parameters(
            "  - { in: header, name: X-Own, value: \"{{variables.broken}}\" }\n",
        )
        .replacen("auth_flow", "variables: { broken: \"a\\r\\nX-Evil: 1\" }\nauth_flow", 1)),
    ]
}
