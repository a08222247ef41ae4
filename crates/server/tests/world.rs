//! A running server with two apps, a connector and an upstream that echoes.

use crate::wire::{self, Answer};
use connection::{Begun, Connections, Equipped, Purpose, Selector, SignInProgress};
use flow::{Answers, Engine, Input, Secrets, Silent, Source};
use model::{Clock, Random};
use outbound::{Client, Egress};
use serde_json::{Value, json};
use server::{Limits, Parts, Running, Server, Settings};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{AppSettings, Digest, KeySource, Published, Store};
use tempfile::TempDir;
use testkit::{FixedClock, FixedRandom, Gate, Received, Reply, Upstream};

pub(crate) const NOW: i64 = 1_700_000_000;

/// The key of the app `shop`, whose pages are at `https://shop.example.org`.
pub(crate) const SHOP: &str = "Stepgate-Key: sg_app_shop";
/// The key of the app `other`.
pub(crate) const OTHER: &str = "Stepgate-Key: sg_app_other";

/// `echo` belongs to users and is published to both apps, `hidden` to none, `team` is shared, `kept` is kept by browsers.
const ECHO: &str = r#"
stepgate: 1
connector: NAME
title: Echo
base_url: BASE/api
auth_flow:
  steps:
    - { id: form1, kind: form, title: Sign in, fields: [ { key: password, type: password, label: Password } ] }
    - { id: login, kind: api_request, request: { method: POST, url: "BASE/login", form: { pass: "{{form1.password}}" } } }
sign_in: { kind: bearer, token: "{{login.body.token}}" }
request_parameters: [ { in: query, name: tenant, value: acme } ]
endpoints:
  - name: read
    request: { method: GET, url: "{{base_url}}/pages/{{parameters.id}}" }
    parameters: { id: { type: string } }
  - name: open
    attach: false
    request: { method: GET, url: "{{base_url}}/open" }
"#;

pub(crate) struct World {
    pub(crate) upstream: Upstream,
    pub(crate) running: Running,
    pub(crate) address: SocketAddr,
    pub(crate) connections: Connections,
    pub(crate) store: Store,
    pub(crate) clock: FixedClock,
    /// Replies to `/api/held` wait for it.
    pub(crate) gate: Gate,
    folder: TempDir,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let gate = Gate::closed();
        let held = gate.clone();
        let upstream = Upstream::start(move |request| match request.uri().path() {
            "/login" => Reply::json(json!({ "token": "t-1" })).cookie("sid=s1; Path=/"),
            "/api/held" => Reply::json(json!({ "held": true })).held_by(&held),
            "/api/same" => Reply::text(request.body().clone()),
            "/api/links" => Reply::text("ok")
                .header("Link", "</api/links?tenant=acme&page=2>; rel=\"next\"")
                .header("Content-Location", "/api/links/1")
                .header("Refresh", "9; url=/api/links?page=1"),
            "/api/asks" => Reply::text("who?")
                .with_status(401)
                .header("WWW-Authenticate", "Basic realm=\"api\""),
            "/api/hangs-up" => Reply::hang_up(),
            "/api/events" => Reply::status(200)
                .header("content-type", "text/event-stream")
                .then("data: 1\n\n")
                .then_wait_for(&held)
                .then("data: 2\n\n"),
            "/api/cookies" => Reply::text("ok").cookie("own=1; Path=/"),
            "/api/missing" => Reply::json(json!({ "error": "none" })).with_status(404),
            "/api/open-to-all" => Reply::text("ok")
                .header("Access-Control-Allow-Origin", "*")
                .header("Access-Control-Allow-Credentials", "true"),
            _ => Reply::json(echo(request)),
        });
        let folder = tempfile::tempdir().unwrap();
        let connectors = folder.path().join("connectors");
        std::fs::create_dir(&connectors).unwrap();
        for name in ["echo", "hidden", "kept", "team"] {
            let owner = match name {
                "team" => "connection: { owner: shared }",
                "kept" => "connection: { keep_in: browser }",
                _ => "",
            };
            let text = format!("{}{owner}\n", ECHO.replace("BASE", &upstream.origin()));
            let text = text.replace("NAME", name);
            std::fs::write(connectors.join(format!("{name}.yaml")), text).unwrap();
        }
        let clock = FixedClock::at(NOW);
        let random = Random::new(FixedRandom::seeded(1).source());
        let (store, _) = Store::open(store::Settings {
            dir: folder.path().join("data"),
            key: KeySource::InDataDir,
            clock: Clock::new(clock.source()),
            random: random.clone(),
        })
        .unwrap();
        for app in ["shop", "other"] {
            let published = |name: &str| Published {
                connector: name.to_owned(),
                selected: true,
            };
            let settings = AppSettings {
                title: app.to_owned(),
                origins: vec![format!("https://{app}.example.org")],
                return_addresses: Vec::new(),
                connectors: vec![
                    published("echo"),
                    published("team"),
                    published("kept"),
                    published("gone"),
                    published("plant"),
                ],
                screen_at_start: false,
            };
            store.create_app(app, settings).await.unwrap();
            let hash = Digest::of(format!("sg_app_{app}").as_bytes());
            store.add_app_key(app, hash, app).await.unwrap();
        }
        let engine = engine(&clock, random);
        let mut settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            connectors: Some(connectors),
            threads: Some(1),
            drain: Duration::from_secs(20),
            limits: Limits::default(),
            ..Settings::default()
        };
        change(&mut settings);
        let parts = Parts {
            store: store.clone(),
            engine: engine.clone(),
            secrets_env: Arc::new(|_| None),
        };
        let running = Server::start(settings, parts).await.unwrap();
        Self {
            address: running.address(),
            connections: Connections::new(store.clone(), engine),
            running,
            upstream,
            store,
            clock,
            gate,
            folder,
        }
    }

    /// The same with a connection of `shop`'s user `u1`, whose id is returned.
    pub(crate) async fn signed_in() -> (Self, String) {
        let world = Self::start().await;
        let id = world.sign_in("echo", "shop/u1").await;
        world.upstream.forget_requests();
        (world, id)
    }

    pub(crate) async fn sign_in(&self, connector: &str, owner: &str) -> String {
        self.sign_in_as(connector, owner, None).await
    }

    /// With a name, so that the user has one more.
    pub(crate) async fn sign_in_named(&self, connector: &str, owner: &str, name: &str) -> String {
        self.sign_in_as(connector, owner, Some(name)).await
    }

    async fn sign_in_as(&self, connector: &str, owner: &str, name: Option<&str>) -> String {
        let path = self
            .folder
            .path()
            .join(format!("connectors/{connector}.yaml"));
        let text = std::fs::read_to_string(path).unwrap();
        let reading = model::read(&model::Source::new("echo.yaml", text));
        let connector = reading.connector.unwrap();
        let equipped = Equipped::new(connector, Secrets::new(), "http://127.0.0.1/callback");
        let selector = Selector {
            owner: owner.to_owned(),
            name: name.map(str::to_owned),
        };
        let mut answers = Answers::new();
        answers.put("form1", "password", "open", Source::Given);
        let begun = self
            .connections
            .sign_in(&equipped, selector, answers, Purpose::Asked)
            .await
            .unwrap();
        let Begun::Started(mut sign_in) = begun else {
            panic!("{begun:?}")
        };
        match sign_in.advance(Input::Begin, &mut Silent).await {
            Ok(SignInProgress::Done(handle)) => handle.id().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// Adds a connector that was published before there was one, at an API of its own, and signs `shop`'s `u1` in.
    pub(crate) async fn add_gone(&self, origin: &str) {
        self.add_gone_with(origin, "").await;
    }

    /// The same with more in its definition.
    pub(crate) async fn add_gone_with(&self, origin: &str, more: &str) {
        let text = format!("{}{more}\n", ECHO.replace("NAME", "gone"));
        let text = text.replace("BASE/login", &self.upstream.url("/login"));
        let file = self.folder.path().join("connectors/gone.yaml");
        std::fs::write(file, text.replace("BASE", origin)).unwrap();
        self.sign_in("gone", "shop/u1").await;
        while self.get("/proxy/gone/").await.status == 404 {}
    }

    /// All that the store has on disk.
    pub(crate) fn on_disk(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path().join("data")).unwrap();
        let files = files.map(|file| file.unwrap().path());
        files
            .filter(|file| file.is_file())
            .flat_map(|file| std::fs::read(file).unwrap())
            .collect()
    }

    /// A request with these lines of header.
    pub(crate) async fn send(&self, line: &str, headers: &[&str], body: &str) -> Answer {
        let line = format!("{line} HTTP/1.1");
        let mut head = vec![line.as_str()];
        head.extend(headers);
        wire::send(self.address, &head, body).await
    }

    /// GET by `shop` for `u1`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let line = format!("GET {path}");
        self.send(&line, &[SHOP, "Stepgate-User: u1"], "").await
    }
}

fn engine(clock: &FixedClock, random: Random) -> Engine {
    let settings = outbound::Settings {
        egress: Egress::new(vec!["127.0.0.0/8".parse().unwrap()]),
        ..outbound::Settings::default()
    };
    Engine {
        client: Client::new(settings).unwrap(),
        scripts: script::Pool::new(script::Settings {
            program: "/nonexistent".into(),
            arguments: Vec::new(),
            warm: 0,
            limits: script::Limits::default(),
        }),
        clock: Clock::new(clock.source()),
        random,
    }
}

/// What the upstream got.
fn echo(request: &http::Request<bytes::Bytes>) -> Value {
    let headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| json!([name.as_str(), value.to_str().unwrap_or_default()]))
        .collect();
    json!({
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers,
        "body": request.text(),
    })
}
