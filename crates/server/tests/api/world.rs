//! A server with nothing in it, and people who sign in to it.

use super::client::{self, Answer};
use flow::Engine;
use model::{Clock, Random};
use outbound::Egress;
use secret::{SecretBytes, SecretString};
use serde_json::{Value, json};
use server::{Parts, Running, Server, Settings, SsoProvider};
use std::net::SocketAddr;
use std::sync::Arc;
use store::{Digest, KeySource, Store};
use tempfile::TempDir;
use testkit::{FixedClock, FixedRandom};

pub(crate) const NOW: i64 = 1_700_000_000;

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) clock: FixedClock,
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
    _running: Running,
}

/// Somebody in a browser.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    address: SocketAddr,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl World {
    /// With nobody in it. Files go to `connectors` in its folder.
    pub(crate) async fn start() -> Self {
        Self::start_with(FixedClock::at(NOW), Vec::new()).await
    }

    /// The same with APIs on this machine in reach, and the admin `ada` and the builder `bob`.
    pub(crate) async fn with_both_and_apis() -> (Self, Browser, Browser) {
        let world = Self::reaching(FixedClock::at(NOW), Vec::new(), loopback());
        world.await.with_people().await
    }

    /// The same with identity providers, on this machine.
    pub(crate) async fn start_with(clock: FixedClock, sso: Vec<SsoProvider>) -> Self {
        let egress = match sso.is_empty() {
            true => Egress::default(),
            false => loopback(),
        };
        Self::reaching(clock, sso, egress).await
    }

    async fn reaching(clock: FixedClock, sso: Vec<SsoProvider>, egress: Egress) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let connectors = folder.path().join("connectors");
        std::fs::create_dir(&connectors).unwrap();
        let random = Random::new(FixedRandom::seeded(1).source());
        let (store, _) = Store::open(store::Settings {
            dir: folder.path().join("data"),
            key: KeySource::InDataDir,
            clock: Clock::new(clock.source()),
            random: random.clone(),
        })
        .unwrap();
        std::fs::write(
            connectors.join("folder-wiki.yaml"),
            definition("folder-wiki", "Wiki of the folder"),
        )
        .unwrap();
        let engine = Engine {
            client: client_of(egress),
            scripts: script::Pool::new(script::Settings {
                program: "/nonexistent".into(),
                arguments: Vec::new(),
                warm: 0,
                limits: script::Limits::default(),
            }),
            clock: Clock::new(clock.source()),
            random,
        };
        let settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url: Some("https://gate.example.org".parse().unwrap()),
            connectors: Some(connectors),
            threads: Some(1),
            sso,
            ..Settings::default()
        };
        let parts = Parts {
            store: store.clone(),
            engine,
            secrets_env: Arc::new(|name| {
                (name == "STEPGATE_SECRET_WIKI_FROM_ENV")
                    .then(|| SecretString::new("value of the environment".to_owned()))
            }),
        };
        let running = Server::start(settings, parts).await.unwrap();
        Self {
            address: running.address(),
            clock,
            store,
            folder,
            _running: running,
        }
    }

    /// With the admin `ada`, signed in.
    pub(crate) async fn with_admin() -> (Self, Browser) {
        let world = Self::start().await;
        let answer = world.set_up("ticket-1", "ada").await.expect(201);
        let browser = world.browser(&answer);
        (world, browser)
    }

    /// With the admin `ada` and the builder `bob`, both signed in.
    pub(crate) async fn with_both() -> (Self, Browser, Browser) {
        Self::start().await.with_people().await
    }

    async fn with_people(self) -> (Self, Browser, Browser) {
        let world = self;
        let answer = world.set_up("ticket-1", "ada").await.expect(201);
        let ada = world.browser(&answer);
        let bob = json!({ "login": "bob", "role": "builder", "password": PASSWORD });
        ada.send("POST /api/people", &bob).await.expect(201);
        let bob = world.sign_in("bob", PASSWORD).await.expect(200);
        let bob = world.browser(&bob);
        (world, ada, bob)
    }

    /// Uses a ticket that holds for an hour.
    pub(crate) async fn set_up(&self, ticket: &str, login: &str) -> Answer {
        let nothing = SecretBytes::new(Vec::new());
        let until = self.clock.unix() + 3_600;
        let hash = Digest::of(ticket.as_bytes());
        self.store
            .put_ticket(hash, "setup", nothing, until)
            .await
            .unwrap();
        let body = json!({ "ticket": ticket, "login": login, "password": PASSWORD });
        self.json("POST /api/setup", &[], &body).await
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Answer {
        let body = json!({ "login": login, "password": password });
        self.json("POST /api/session", &[], &body).await
    }

    pub(crate) fn browser(&self, signed_in: &Answer) -> Browser {
        self.page(signed_in.cookie(), &signed_in.json()["csrf"])
    }

    /// The page of a session by its cookie and its token against cross-site requests.
    pub(crate) fn page(&self, cookie: String, csrf: &Value) -> Browser {
        Browser {
            address: self.address,
            cookie,
            csrf: csrf.as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn json(&self, line: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        client::send(self.address, line, &all, body.to_string().as_bytes()).await
    }

    pub(crate) async fn send(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        client::send(self.address, line, headers, body).await
    }
}

impl Browser {
    /// A request of the page: with its cookie and the token against cross-site requests.
    pub(crate) async fn send(&self, line: &str, body: &Value) -> Answer {
        self.with(line, &[], body).await
    }

    /// The same with further headers.
    pub(crate) async fn with(&self, line: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = headers.to_vec();
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        if !body.is_empty() {
            all.push(("content-type", "application/json"));
        }
        self.raw(line, &all, &body).await
    }

    /// The same with any body.
    pub(crate) async fn raw(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut all = vec![
            ("cookie", self.cookie.as_str()),
            ("stepgate-csrf", &self.csrf),
        ];
        all.extend(headers);
        client::send(self.address, line, &all, body.as_bytes()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.raw(&format!("GET {path}"), &[], "").await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.raw(&format!("DELETE {path}"), &[], "").await
    }

    /// A personal API token, as a header's value.
    pub(crate) async fn token(&self) -> String {
        let made = self
            .send("POST /api/tokens", &json!({ "name": "script" }))
            .await;
        format!(
            "Bearer {}",
            made.expect(201).json()["token"].as_str().unwrap()
        )
    }
}

/// With providers on this machine it may be dialled.
fn loopback() -> Egress {
    Egress::new(vec!["127.0.0.0/8".parse().unwrap()])
}

fn client_of(egress: Egress) -> outbound::Client {
    outbound::Client::new(outbound::Settings {
        egress,
        ..outbound::Settings::default()
    })
    .unwrap()
}

/// A definition that is fine, with two secrets.
pub(crate) fn definition(name: &str, title: &str) -> String {
    format!(
        r#"# kept as it is
stepgate: 1
connector: {name}
title: {title}
base_url: https://wiki.example.org
secrets: [client_secret, from_env]
auth_flow:
  steps:
    - id: login
      kind: api_request
      request:
        method: POST
        url: "{{{{base_url}}}}/login"
        json: {{ a: "{{{{secrets.client_secret}}}}", b: "{{{{secrets.from_env}}}}" }}
sign_in: {{ kind: bearer, token: "{{{{login.body.token}}}}" }}
"#
    )
}
