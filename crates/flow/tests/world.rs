//! What a run needs around it: a client, a clock and randomness that a test decides.

use flow::{
    Answers, Context, Credential, Engine, Event, Failure, Input, Open, Progress, Prompt, Run,
    Secrets, Source, open_run, seal_run,
};
use model::{Clock, Connector, Random};
use outbound::{Client, Egress, Settings};
use secret::SecretString;
use testkit::{FixedClock, FixedRandom};

/// When every test begins.
pub(crate) const NOW: i64 = 1_700_000_000;

/// Where redirects come back to.
pub(crate) const CALLBACK: &str = "http://127.0.0.1:8914/callback";

pub(crate) struct World {
    pub(crate) clock: FixedClock,
    pub(crate) engine: Engine,
    pub(crate) secrets: Secrets,
    pub(crate) heard: Vec<Event>,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = FixedClock::at(NOW);
        let random = FixedRandom::seeded(7);
        let settings = Settings {
            egress: Egress::new(vec!["127.0.0.0/8".parse().unwrap()]),
            ..Settings::default()
        };
        let engine = Engine {
            client: Client::new(settings).unwrap(),
            scripts: script::Pool::new(script::Settings {
                program: env!("CARGO_BIN_EXE_flow-script-child").into(),
                arguments: Vec::new(),
                warm: 0,
                limits: script::Limits {
                    // A busy machine is no fault of the code.
                    time: std::time::Duration::from_secs(30),
                    ..script::Limits::default()
                },
            }),
            clock: Clock::new(clock.source()),
            random: Random::new(random.source()),
        };
        let mut secrets = Secrets::new();
        secrets.insert("client_secret", SecretString::new("secret-1".to_owned()));
        Self {
            clock,
            engine,
            secrets,
            heard: Vec::new(),
        }
    }

    /// Advances a run after it has been sealed and opened, as over a restart.
    pub(crate) async fn advance(
        &mut self,
        connector: &Connector,
        run: &mut Run,
        input: Input,
    ) -> Progress {
        *run = open_run(&seal_run(run).unwrap()).unwrap();
        let context = Context {
            connector,
            secrets: &self.secrets,
            callback_url: CALLBACK,
            engine: &self.engine,
        };
        let heard = &mut self.heard;
        run.advance(&context, input, &mut |event: Event| heard.push(event))
            .await
    }

    /// Begins a sign-in with answers that were given ahead.
    pub(crate) async fn begin(
        &mut self,
        connector: &Connector,
        given: &[(&str, &str, &str)],
    ) -> (Run, Progress) {
        let mut answers = Answers::new();
        for (step, field, value) in given {
            answers.put(*step, *field, *value, Source::Given);
        }
        let mut run = Run::auth(connector, answers);
        let progress = self.advance(connector, &mut run, Input::Begin).await;
        (run, progress)
    }

    /// Signs in with answers that were given ahead.
    pub(crate) async fn sign_in(
        &mut self,
        connector: &Connector,
        given: &[(&str, &str, &str)],
    ) -> Credential {
        self.begin(connector, given).await.1.done()
    }

    /// Sends a form that a person filled in.
    pub(crate) async fn typed(
        &mut self,
        connector: &Connector,
        run: &mut Run,
        step: &str,
        fields: &[(&str, &str)],
    ) -> Progress {
        let answers = Answers::typed(step, fields.iter().copied());
        self.advance(connector, run, Input::Answers(answers)).await
    }

    /// Renews a credential by a flow that needs nobody.
    pub(crate) async fn refresh(
        &mut self,
        connector: &Connector,
        credential: &Credential,
    ) -> Progress {
        let mut run = Run::refresh(connector, credential);
        self.advance(connector, &mut run, Input::Begin).await
    }

    /// Every warning heard so far.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let warnings = self.heard.iter().filter_map(|event| match event {
            Event::Warning { message, .. } => Some(message.clone()),
            _ => None,
        });
        warnings.collect()
    }

    /// A masker that knows what has been learned so far.
    pub(crate) fn masker(&self) -> secret::Masker {
        let mut masker = secret::Masker::new();
        for event in &self.heard {
            if let Event::Learned(learned) = event {
                masker.add(learned.reveal());
            }
        }
        masker
    }
}

/// Reads a definition in which `BASE` stands for an origin.
pub(crate) fn connector(base: &str, definition: &str) -> Connector {
    let text = format!("stepgate: 1\nconnector: test\nbase_url: {base}\n{definition}");
    let text = text.replace("BASE", base);
    let reading = model::read(&model::Source::new("test.yaml", text));
    match reading.connector {
        Some(connector) => connector,
        None => panic!("{:#?}", reading.problems),
    }
}

/// What a test expects of the progress it got.
pub(crate) trait Expect {
    fn done(self) -> Credential;
    fn failed(self) -> Failure;
    fn ask(self) -> Prompt;
    fn open(self) -> Open;
}

impl Expect for Progress {
    fn done(self) -> Credential {
        match self {
            Progress::Done(credential) => *credential,
            other => panic!("not done: {}", told(&other)),
        }
    }

    fn failed(self) -> Failure {
        match self {
            Progress::Failed(failure) => *failure,
            other => panic!("not failed: {}", told(&other)),
        }
    }

    fn ask(self) -> Prompt {
        match self {
            Progress::Ask(prompt) => prompt,
            other => panic!("not asked: {}", told(&other)),
        }
    }

    fn open(self) -> Open {
        match self {
            Progress::Open(open) => open,
            other => panic!("not to be opened: {}", told(&other)),
        }
    }
}

fn told(progress: &Progress) -> String {
    match progress {
        Progress::Failed(failure) => {
            let excerpt = failure
                .excerpt
                .as_ref()
                .map(|text| text.reveal().to_owned());
            format!("{failure:#?} {excerpt:?}")
        }
        other => format!("{other:#?}"),
    }
}

/// A value below a step of a credential.
pub(crate) fn value(credential: &Credential, step: &str, pointer: &str) -> serde_json::Value {
    let outputs = credential.outputs.of(step).cloned().unwrap_or_default();
    let outputs = serde_json::Value::Object(outputs);
    outputs.pointer(pointer).cloned().unwrap_or_default()
}
