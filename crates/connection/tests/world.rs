//! A data folder, and as many processes on it as a test wants.

use crate::bank::Bank;
use connection::{
    Begun, ConnectionError, Connections, Equipped, Handle, Purpose, Selector, SignIn,
    SignInProgress,
};
use flow::{Answers, Engine, Input, Secrets, Silent, Source};
use model::{Clock, Random};
use outbound::{Client, Egress};
use std::sync::Arc;
use store::{ConnectionRecord, KeySource, Store};
use tempfile::TempDir;
use testkit::{FixedClock, FixedRandom};

pub(crate) const NOW: i64 = 1_700_000_000;

/// A login that a form is asked for, and tokens that rotate.
pub(crate) const TOKENS: &str = r#"
connection: { identity: "{{login.body.user}}", label: "{{login.body.user}}" }
auth_flow:
  steps:
    - { id: form1, kind: form, title: Sign in, fields: [ { key: password, type: password, label: Password } ] }
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login", json: { pass: "{{form1.password}}" } } }
session: { expires_in: "{{login.body.expires_in}}" }
refresh_flow:
  steps:
    - { id: renew, kind: api_request, request: { method: POST, url: "{{base_url}}/renew", json: { refresh: "{{login.body.refresh}}" } } }
  update_variables:
    login.body.access: "{{renew.body.access}}"
    login.body.refresh: "{{renew.body.refresh}}"
logout_flow: { steps: [ { id: bye, kind: api_request, request: { method: POST, url: "{{base_url}}/logout" } } ] }
request_parameters: [ { in: header, name: Authorization, value: "Bearer {{login.body.access}}" } ]
"#;

/// The auth flow again, with the password that was typed at the sign-in.
pub(crate) const PASSWORD: &str = r#"
connection: { identity: "{{login.body.user}}" }
auth_flow:
  steps:
    - { id: form1, kind: form, title: Sign in, fields: [ { key: password, type: password, label: Password } ] }
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login", json: { pass: "{{form1.password}}" } } }
refresh_flow: { same_as_auth_flow: true, use_stored_credentials: true }
"#;

/// The same with a code, which is never kept.
pub(crate) const CODE: &str = r#"
auth_flow:
  steps:
    - { id: form1, kind: form, title: Sign in, fields: [ { key: password, type: password, label: Password } ] }
    - { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login", json: { pass: "{{form1.password}}" } } }
    - { id: form2, kind: form, title: Enter the code, fields: [ { key: otp, type: otp, label: Code } ] }
    - { id: code, kind: api_request, request: { method: POST, url: "{{base_url}}/code", json: { otp: "{{form2.otp}}" } } }
refresh_flow: { same_as_auth_flow: true, use_stored_credentials: true }
"#;

pub(crate) struct World {
    pub(crate) clock: FixedClock,
    pub(crate) bank: Bank,
    pub(crate) equipped: Equipped,
    folder: TempDir,
}

/// One process: a store of its own on the folder that all share.
pub(crate) struct Process {
    pub(crate) store: Store,
    pub(crate) connections: Connections,
}

impl World {
    pub(crate) fn new(definition: &str) -> Self {
        let bank = Bank::open();
        let text = format!(
            "stepgate: 1\nconnector: bank\ntitle: Bank\nbase_url: {}\n{definition}",
            bank.upstream.origin()
        );
        let reading = model::read(&model::Source::new("bank.yaml", text));
        let Some(connector) = reading.connector else {
            panic!("{:#?}", reading.problems)
        };
        Self {
            clock: FixedClock::at(NOW),
            bank,
            equipped: Equipped::new(connector, Secrets::new(), "http://127.0.0.1:8914/callback"),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A process; each seed makes it draw other random numbers.
    pub(crate) fn process(&self, seed: u64) -> Process {
        let clock = Clock::new(self.clock.source());
        let random = Random::new(FixedRandom::seeded(seed).source());
        let (store, _) = Store::open(store::Settings {
            dir: self.folder.path().to_owned(),
            key: KeySource::InDataDir,
            clock: clock.clone(),
            random: random.clone(),
        })
        .unwrap();
        let settings = outbound::Settings {
            egress: Egress::new(vec!["127.0.0.0/8".parse().unwrap()]),
            ..outbound::Settings::default()
        };
        let engine = Engine {
            client: Client::new(settings).unwrap(),
            scripts: script::Pool::new(script::Settings {
                program: "/nonexistent".into(),
                arguments: Vec::new(),
                warm: 0,
                limits: script::Limits::default(),
            }),
            clock,
            random,
        };
        Process {
            connections: Connections::new(store.clone(), engine),
            store,
        }
    }

    pub(crate) async fn begin(&self, process: &Process, given: &[(&str, &str, &str)]) -> SignIn {
        match self
            .try_begin(process, given, Purpose::Asked, None)
            .await
            .unwrap()
        {
            Begun::Started(sign_in) => *sign_in,
            Begun::Elsewhere(handle) => panic!("{handle:?}"),
        }
    }

    pub(crate) async fn try_begin(
        &self,
        process: &Process,
        given: &[(&str, &str, &str)],
        purpose: Purpose,
        name: Option<&str>,
    ) -> Result<Begun, ConnectionError> {
        let mut answers = Answers::new();
        for (step, field, value) in given {
            answers.put(*step, *field, *value, Source::Given);
        }
        process
            .connections
            .sign_in(&self.equipped, selector(name), answers, purpose)
            .await
    }

    /// Signs in with the right answers.
    pub(crate) async fn sign_in(&self, process: &Process) -> Arc<Handle> {
        let given = [("form1", "password", "open"), ("form2", "otp", "123456")];
        let mut sign_in = self.begin(process, &given).await;
        done(sign_in.advance(Input::Begin, &mut Silent).await)
    }

    pub(crate) async fn current(
        &self,
        process: &Process,
        id: &str,
    ) -> Result<Arc<Handle>, ConnectionError> {
        process
            .connections
            .current(&self.equipped.connector, id)
            .await
    }

    pub(crate) async fn renew(
        &self,
        process: &Process,
        handle: &Arc<Handle>,
    ) -> Result<Arc<Handle>, ConnectionError> {
        process
            .connections
            .renew(&self.equipped, handle, connection::Why::Over, &mut Silent)
            .await
    }

    pub(crate) async fn record(&self, process: &Process) -> Option<ConnectionRecord> {
        process
            .connections
            .select(&self.equipped.connector, &selector(None))
            .await
            .unwrap()
    }
}

pub(crate) fn selector(name: Option<&str>) -> Selector {
    Selector {
        owner: "local".to_owned(),
        name: name.map(str::to_owned),
    }
}

pub(crate) fn done(progress: Result<SignInProgress, ConnectionError>) -> Arc<Handle> {
    match progress {
        Ok(SignInProgress::Done(handle)) => handle,
        other => panic!("{other:?}"),
    }
}

/// An output of the login's reply.
pub(crate) fn token(handle: &Handle, key: &str) -> String {
    handle.credential().outputs.of("login").unwrap()["body"][key]
        .as_str()
        .unwrap()
        .to_owned()
}
