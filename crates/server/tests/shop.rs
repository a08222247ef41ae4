//! A server with an app called `shop`, a wiki that people sign in to by forms, an API that they sign in to in the browser,
//! and one that brings no `state` back.

use crate::browser::{Browser, Page};
use flow::Engine;
use model::{Clock, Random};
use outbound::{Client, Egress};
use secret::SecretString;
use serde_json::{Value, json};
use server::{Parts, Running, Server, Settings};
use std::path::Path;
use std::sync::Arc;
use store::{AppSettings, Digest, KeySource, Published, Role, Store};
use tempfile::TempDir;
use testkit::{
    AuthorizationServer, FixedClock, FixedRandom, Received, Reply, SessionSite, Upstream,
};
use url::Url;

pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const ORIGIN: &str = "https://shop.example.org";
pub(crate) const RETURN_TO: &str = "https://shop.example.org/connected";

/// A form that shows something, and has it sent again.
const QUIZ: &str = r#"
auth_flow:
  steps:
    - { id: send, kind: api_request, request: { method: POST, url: "{{base_url}}/send", form: { user: "42" } } }
    - id: f
      kind: form
      title: Compare and type
      show:
        - { text: "{{send.body.user}}", label: The number }
        - { image: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", label: The letters }
        - { qr: "otpauth://totp/x" }
      fields: [ { key: letters, label: Letters, pattern: "[a-z]+", else: Small letters., min_length: 4, max_length: 8 } ]
      resend: send
      expires_in: 5m
"#;

const WIKI: &str = r#"
title: Team wiki
connection: { identity: "{{login.body.user.id}}", label: "{{login.body.user.name}}" }
cookies: { forward_all: true }
environments: { staging: { base_url: https://staging.example.org } }
auth_flow:
  steps:
    - id: form1
      kind: form
      title: Sign in to the wiki
      fields:
        - { key: username, type: text, label: User name }
        - { key: password, type: password, label: Password }
    - { id: start, kind: api_request, request: { method: GET, url: "{{base_url}}/login" }, extract: { csrf: { css: "input[name=csrf]", attribute: value } } }
    - id: login
      kind: api_request
      request: { method: POST, url: "{{base_url}}/login", form: { user: "{{form1.username}}", pass: "{{form1.password}}", csrf: "{{start.csrf}}" } }
      expect: { value: "{{login.body.result}}", equals: Success, else: "The wiki did not accept this name and password." }
      on_fail: { back_to: form1, attempts: 3 }
    - { id: code, kind: form, title: Enter the code, fields: [ { key: otp, type: otp, label: Code } ] }
    - { id: verify, kind: api_request, request: { method: POST, url: "{{base_url}}/code", form: { otp: "{{code.otp}}" } }, expect: { value: "{{verify.body.result}}", equals: Success } }
logout_flow: { steps: [ { id: bye, kind: api_request, request: { method: POST, url: "{{base_url}}/logout" } } ] }
test_api: { name: Who am I, request: { method: GET, url: "{{base_url}}/api/me" }, expect: { value: "{{response.status}}", equals: 200 } }
"#;

/// The server and all that it talks to.
pub(crate) struct Shop {
    pub(crate) clock: FixedClock,
    pub(crate) store: Store,
    pub(crate) wiki: SessionSite,
    pub(crate) authority: AuthorizationServer,
    _back: Upstream,
    running: Running,
    folders: (TempDir, TempDir),
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let (data, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let wiki = SessionSite::with_second_factor();
        let authority = AuthorizationServer::start();
        let back = Upstream::start(|request| match request.query_value("back") {
            Some(back) => Reply::redirect(&format!("{back}?ticket=t1")),
            None => Reply::json(json!({ "user": request.form_value("user") })),
        });
        let drive = |name: &str| {
            format!(
                "{}title: Drive\nauth_flow:\n  steps:\n    - {{ id: oauth, kind: oauth2_pkce, authorization_url: \"{}\", \
                 token_url: \"{}\", client_id: client-1, client_secret: secret-1 }}\n\
                 request_parameters: [ {{ in: header, name: Authorization, value: \"Bearer {{{{oauth.access_token}}}}\" }} ]\n",
                head(name, &authority.issuer()),
                authority.authorization_url(),
                authority.token_url(),
            )
        };
        let files = [
            ("wiki", format!("{}{WIKI}", head("wiki", &wiki.origin()))),
            (
                "pocket",
                format!(
                    "{}{}",
                    head("pocket", &wiki.origin()),
                    WIKI.replace("connection: {", "connection: { keep_in: browser,")
                ),
            ),
            ("drive", drive("drive")),
            ("mirror", drive("mirror")),
            (
                "ticket",
                format!(
                    "{}auth_flow:\n  steps:\n    - {{ id: come, kind: callback, url: \"{{{{base_url}}}}/go?back={{{{callback_url}}}}\" }}\n",
                    head("ticket", &back.origin())
                ),
            ),
            (
                "bank",
                format!(
                    "{}title: Bank\nconnection: {{ identity: \"{{{{login.body.user}}}}\", label: \"{{{{login.body.user}}}}\" }}\n\
                     auth_flow:\n  steps:\n    - {{ id: f, kind: form, title: Who, fields: [ {{ key: user, type: text, label: Name }} ] }}\n    \
                     - {{ id: login, kind: api_request, request: {{ method: POST, url: \"{{{{base_url}}}}/login\", form: {{ user: \"{{{{f.user}}}}\" }} }} }}\n",
                    head("bank", &back.origin())
                ),
            ),
            ("quiz", format!("{}{QUIZ}", head("quiz", &back.origin()))),
            (
                "news",
                format!(
                    "{}connection: {{ owner: shared }}\nauth_flow:\n  steps:\n    - {{ id: f, kind: form, title: Key, fields: [ {{ key: k, type: password, label: Key }} ] }}\n",
                    head("news", &back.origin())
                ),
            ),
        ];
        for (name, text) in &files {
            std::fs::write(dir.path().join(format!("{name}.yaml")), text).unwrap();
        }
        let clock = FixedClock::at(NOW);
        let (store, parts) = process(data.path(), &clock, 11);
        furnish(&store).await;
        let running = Server::start(settings(dir.path(), 0), parts).await.unwrap();
        Self {
            clock,
            store,
            wiki,
            authority,
            _back: back,
            running,
            folders: (data, dir),
        }
    }

    /// The same after the server has ended and another one has begun, at the same address.
    pub(crate) async fn restarted(self) -> Self {
        let port = self.running.address().port();
        let Self {
            running, folders, ..
        } = self;
        running.stop().await;
        let (store, parts) = process(folders.0.path(), &self.clock, 12);
        let running = Server::start(settings(folders.1.path(), port), parts)
            .await
            .unwrap();
        Self {
            store,
            running,
            folders,
            ..self
        }
    }

    pub(crate) fn url(&self) -> &Url {
        self.running.url()
    }

    /// A browser that has never been here.
    pub(crate) fn browser(&self) -> Browser {
        Browser::at(self.url())
    }

    /// The backend of an app, speaking for a user.
    pub(crate) fn backend(&self, app: &str, user: &str) -> Browser {
        self.app(app).with("stepgate-user", user)
    }

    /// The backend of an app.
    pub(crate) fn app(&self, app: &str) -> Browser {
        self.browser()
            .with("stepgate-key", &format!("sg_app_{app}"))
    }

    /// One of our own people.
    pub(crate) fn person(&self, login: &str) -> Browser {
        let token = format!("Bearer sg_pat_{login}");
        self.browser().with("authorization", &token)
    }

    /// Makes a link to the screen for a user of the shop.
    pub(crate) async fn link(&self, user: &str) -> String {
        let body = json!({ "user": user, "return_to": RETURN_TO });
        let made = self.app("shop").json("POST", "/api/auth-links", body).await;
        made.json()["url"].as_str().unwrap().to_owned()
    }

    /// A browser in which a user of the shop is at the screen.
    pub(crate) async fn visitor(&self, user: &str) -> Browser {
        let link = self.link(user).await;
        let mut browser = self
            .browser()
            .with("referer", &format!("{ORIGIN}/settings"));
        assert_eq!(browser.get(&link).await.location(), "/auth/shop");
        browser.headers.clear();
        browser
    }

    /// Starts a sign-in by JSON.
    pub(crate) async fn start(&self, user: &str, connector: &str) -> Value {
        let body = json!({ "connector": connector });
        let started = self
            .backend("shop", user)
            .json("POST", "/api/runs", body)
            .await;
        assert_eq!(started.status, 201, "{}", started.body);
        started.json()
    }

    /// Signs a user in to the wiki by JSON, and gives the connection's id.
    pub(crate) async fn sign_in(&self, user: &str) -> String {
        let done = self.signed_in(user, "wiki").await.json();
        done["connection_id"].as_str().unwrap().to_owned()
    }

    /// Signs a user in by JSON, at a connector that is the wiki.
    pub(crate) async fn signed_in(&self, user: &str, connector: &str) -> Page {
        let run = self.start(user, connector).await;
        let mut backend = self.backend("shop", user);
        let answers = format!("/api/runs/{}/answers", run["id"].as_str().unwrap());
        let form = json!({ "form1": { "username": "alice", "password": "correct horse" } });
        backend.json("POST", &answers, form).await;
        let code = json!({ "code": { "otp": "123456" } });
        let done = backend.json("POST", &answers, code).await;
        assert_eq!(done.json()["state"], "signed_in", "{done:?}");
        done
    }

    /// Where the API sends the browser back to after the person agreed at the page that this run opens.
    pub(crate) async fn approved(&self, browser: &mut Browser, run: &Value) -> String {
        let opened = self.opened(browser, run).await;
        self.authority.approve(&opened).to_string()
    }

    /// The API's page that a run opens in this browser, which comes from the app.
    pub(crate) async fn opened(&self, browser: &mut Browser, run: &Value) -> Url {
        let open = run["waiting_for"]["open"]["url"].as_str().unwrap();
        browser.headers = vec![("referer", format!("{ORIGIN}/"))];
        let opened = browser.get(open).await;
        browser.headers.clear();
        opened.location().parse().unwrap()
    }

    pub(crate) async fn run(&self, user: &str, id: &str) -> Page {
        self.backend("shop", user)
            .get(&format!("/api/runs/{id}"))
            .await
    }
}

fn settings(connectors: &Path, port: u16) -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], port).into(),
        connectors: Some(connectors.to_owned()),
        threads: Some(1),
        ..Settings::default()
    }
}

/// What one process opens; each seed makes it draw other random numbers.
fn process(data: &Path, clock: &FixedClock, seed: u64) -> (Store, Parts) {
    let clock = Clock::new(clock.source());
    let random = Random::new(FixedRandom::seeded(seed).source());
    let (store, _) = Store::open(store::Settings {
        dir: data.to_owned(),
        key: KeySource::InDataDir,
        clock: clock.clone(),
        random: random.clone(),
    })
    .unwrap();
    let outbound = outbound::Settings {
        egress: Egress::new(vec!["127.0.0.0/8".parse().unwrap()]),
        ..outbound::Settings::default()
    };
    let engine = Engine {
        client: Client::new(outbound).unwrap(),
        scripts: script::Pool::new(script::Settings {
            program: "/nonexistent".into(),
            arguments: Vec::new(),
            warm: 0,
            limits: script::Limits::default(),
        }),
        clock,
        random,
    };
    let parts = Parts {
        store: store.clone(),
        engine,
        secrets_env: Arc::new(|_| None),
    };
    (store, parts)
}

async fn furnish(store: &Store) {
    for (app, selected) in [
        ("shop", ["wiki", "drive", "news"]),
        ("other", ["wiki", "drive", "news"]),
    ] {
        let published = selected.iter().map(|connector| Published {
            connector: (*connector).to_owned(),
            selected: true,
        });
        let further = ["ticket", "mirror", "pocket", "bank", "quiz"].map(|connector| Published {
            connector: connector.to_owned(),
            selected: false,
        });
        let settings = AppSettings {
            title: "The <shop>".to_owned(),
            origins: vec![ORIGIN.to_owned()],
            return_addresses: vec![RETURN_TO.to_owned()],
            connectors: published.chain(further).collect(),
            screen_at_start: false,
        };
        store.create_app(app, settings).await.unwrap();
        let key = format!("sg_app_{app}");
        store
            .add_app_key(app, Digest::of(key.as_bytes()), app)
            .await
            .unwrap();
    }
    for (login, role) in [("ada", Role::Admin), ("ben", Role::Builder)] {
        let password = SecretString::new("$argon2id$none".to_owned());
        store.create_person(login, role, password).await.unwrap();
        let token = format!("sg_pat_{login}");
        store
            .create_token(Digest::of(token.as_bytes()), login, "test", None)
            .await
            .unwrap();
    }
}

fn head(name: &str, origin: &str) -> String {
    format!("stepgate: 1\nconnector: {name}\nbase_url: {origin}\n")
}
