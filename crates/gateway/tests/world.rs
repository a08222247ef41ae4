//! A process with a signed-in connection, and calls sent with it.

use crate::api::Api;
use bytes::Bytes;
use connection::{
    AttemptLimits, Attempts, Begun, Connections, Equipped, Purpose, Selector, SignInProgress,
};
use flow::{Answers, Engine, Input, Secrets, Silent, Source};
use gateway::{Answer, Call, CallBody, CallError, Given, Target};
use http::{HeaderMap, HeaderName, Method};
use model::{Clock, Random};
use outbound::{Client, Egress};
use serde_json::Value;
use std::sync::Arc;
use store::{KeySource, Store};
use tempfile::TempDir;
use testkit::{Authority, FixedClock, FixedRandom};

pub(crate) const NOW: i64 = 1_700_000_000;

/// A sign-in that needs nobody, so that it renews by itself.
pub(crate) const LOGIN: &str = r#"
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } } ] }
"#;

/// The same with its token on every call.
pub(crate) const BEARER: &str = r#"
auth_flow: { steps: [ { id: login, kind: api_request, request: { method: POST, url: "{{base_url}}/login" } } ] }
sign_in: { kind: bearer, token: "{{login.body.token}}" }
"#;

pub(crate) struct World {
    pub(crate) api: Api,
    pub(crate) clock: FixedClock,
    pub(crate) connections: Connections,
    pub(crate) equipped: Equipped,
    pub(crate) id: String,
    _folder: TempDir,
}

impl World {
    /// A connector by its definition, in which `BASE` stands for the API's origin, signed in.
    pub(crate) async fn new(definition: &str) -> Self {
        let api = Api::open();
        let origin = api.upstream.origin();
        Self::with(api, &origin, definition, None, &[]).await
    }

    /// The same with another API in place of ours.
    pub(crate) async fn at(origin: &str, definition: &str) -> Self {
        Self::with(Api::open(), origin, definition, None, &[]).await
    }

    /// The same with more answers to its forms.
    pub(crate) async fn with_answers(
        origin: &str,
        definition: &str,
        given: &[(&str, &str, &str)],
    ) -> Self {
        Self::with(Api::open(), origin, definition, None, given).await
    }

    /// The same with another API, whose certificate is by `authority`.
    pub(crate) async fn trusting(authority: &Authority, origin: &str, definition: &str) -> Self {
        Self::with(Api::open(), origin, definition, Some(authority), &[]).await
    }

    async fn with(
        api: Api,
        origin: &str,
        definition: &str,
        authority: Option<&Authority>,
        given: &[(&str, &str, &str)],
    ) -> Self {
        let text =
            format!("stepgate: 1\nconnector: echo\ntitle: Echo\nbase_url: BASE\n{definition}");
        let text = text.replace("BASE", origin);
        let reading = model::read(&model::Source::new("echo.yaml", text));
        let Some(connector) = reading.connector else {
            panic!("{:#?}", reading.problems)
        };
        let clock = FixedClock::at(NOW);
        let folder = tempfile::tempdir().unwrap();
        let random = Random::new(FixedRandom::seeded(1).source());
        let (store, _) = Store::open(store::Settings {
            dir: folder.path().to_owned(),
            key: KeySource::InDataDir,
            clock: Clock::new(clock.source()),
            random: random.clone(),
        })
        .unwrap();
        let settings = outbound::Settings {
            egress: Egress::new(vec!["127.0.0.0/8".parse().unwrap()]),
            ca_file_pem: authority.map(|authority| authority.pem().into_bytes()),
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
            clock: Clock::new(clock.source()),
            random,
        };
        let connections = Connections::new(store, engine);
        let equipped = Equipped::new(connector, Secrets::new(), "http://127.0.0.1:8914/callback");
        let selector = Selector {
            owner: "local".to_owned(),
            name: None,
        };
        let mut answers = Answers::new();
        answers.put("form1", "name", "alice", Source::Given);
        for (step, field, value) in given {
            answers.put(*step, *field, *value, Source::Given);
        }
        let begun = connections
            .sign_in(&equipped, selector, answers, Purpose::Asked)
            .await
            .unwrap();
        let Begun::Started(mut sign_in) = begun else {
            panic!("{begun:?}")
        };
        let id = match sign_in.advance(Input::Begin, &mut Silent).await {
            Ok(SignInProgress::Done(handle)) => handle.id().to_owned(),
            other => panic!("{other:?}"),
        };
        drop(sign_in);
        Self {
            api,
            clock,
            connections,
            equipped,
            id,
            _folder: folder,
        }
    }

    /// Where people prove more for calls.
    pub(crate) fn attempts(&self) -> Attempts {
        let equipped = self.equipped.clone();
        let source: connection::ConnectorSource = Arc::new(move |_, _| Some(equipped.clone()));
        Attempts::new(self.connections.clone(), source, AttemptLimits::default())
    }

    pub(crate) async fn call(&self, call: Call) -> Result<Answer, CallError> {
        gateway::call(
            &self.connections,
            &self.equipped,
            Some(&self.id),
            call,
            &mut Silent,
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Answer, CallError> {
        self.call(request(Method::GET, path, &[], CallBody::Empty))
            .await
    }

    pub(crate) async fn endpoint(&self, name: &str) -> Result<Answer, CallError> {
        let target = Target::Endpoint {
            name: name.to_owned(),
            parameters: Vec::new(),
        };
        self.call(Call {
            target,
            body: CallBody::Empty,
        })
        .await
    }

    pub(crate) async fn endpoint_with(
        &self,
        name: &str,
        key: &str,
        value: &str,
    ) -> Result<Answer, CallError> {
        let parameters = vec![(key.to_owned(), Given::Text(value.to_owned()))];
        let target = Target::Endpoint {
            name: name.to_owned(),
            parameters,
        };
        self.call(Call {
            target,
            body: CallBody::Empty,
        })
        .await
    }
}

pub(crate) fn request(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: CallBody,
) -> Call {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                value.parse().unwrap(),
            )
        })
        .collect();
    let target = Target::Path {
        method,
        path: path.to_owned(),
        query: Vec::new(),
        headers,
    };
    Call { target, body }
}

pub(crate) fn json_body(text: &str) -> CallBody {
    CallBody::Bytes(Bytes::copy_from_slice(text.as_bytes()))
}

/// What the API says it got.
pub(crate) async fn echo(answer: Answer) -> Value {
    serde_json::from_slice(&answer.read(1 << 22).await.unwrap()).unwrap()
}
