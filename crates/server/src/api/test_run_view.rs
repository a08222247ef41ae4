//! A test run as its person sees it: where it stands, and where it failed, what to mend.

use crate::api::moment::Moment;
use crate::api::run_view::{FormView, OpenView, ShowView};
use crate::api::timeline_view::TimelineEvent;
use crate::test_run::{Outcome, Stage, TestRun, Tested, Told, Waiting};
use serde::Serialize;
use utoipa::ToSchema;

/// A test run.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestRunView {
    pub(crate) id: String,
    #[schema(example = "wiki")]
    connector: String,
    environment: Option<String>,
    /// `auth`, `refresh`, `logout`, `test_api` or `endpoint`.
    #[schema(example = "auth")]
    flow: &'static str,
    endpoint: Option<String>,
    /// `working`, `waiting`, `done`, `failed` or `cancelled`.
    #[schema(example = "waiting")]
    state: &'static str,
    waiting_for: Option<TestWaitingView>,
    error: Option<TestFailureView>,
    /// What the last call was answered with, where there was one.
    outcome: Option<OutcomeView>,
    /// The credential that it ended with, which another test run can use; nothing of it is stored.
    credential: Option<CredentialView>,
    started_at: Moment,
    /// When it is forgotten.
    expires_at: Moment,
}

/// A test run with all that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestRunWithEvents {
    #[serde(flatten)]
    pub(crate) run: TestRunView,
    pub(crate) events: Vec<TimelineEvent>,
}

/// What a test run waits for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TestWaitingView {
    /// A form, which `answers` fills in.
    Form(FormView),
    /// A page to be opened in the person's own browser, in which they are signed in here.
    Open(OpenView),
    /// A code to be entered on any device.
    Show(Box<ShowView>),
    /// A time: the step asks the API again.
    Time(String),
}

/// Why a test run failed.
#[derive(Serialize, ToSchema)]
pub(crate) struct TestFailureView {
    /// A stable word.
    #[schema(example = "refused")]
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// What it probably is.
    pub(crate) cause: Option<String>,
    /// What to do.
    pub(crate) help: Option<String>,
    /// `caller`, `builder`, `api` or `stepgate`.
    whose_fault: &'static str,
    #[schema(example = "auth_flow")]
    flow: Option<&'static str>,
    #[schema(example = "login")]
    step: Option<String>,
    /// The field of the definition.
    #[schema(example = "auth_flow.steps[1].request.json.token")]
    pub(crate) path: Option<String>,
    /// From 1, in the text that was tested.
    pub(crate) line: Option<usize>,
    column: Option<usize>,
    /// The path that was probably meant, where one leads nowhere.
    nearest: Option<String>,
}

/// What a call was answered with.
#[derive(Serialize, ToSchema)]
struct OutcomeView {
    status: u16,
    /// Whether it is what the endpoint or the test API expects.
    expected: bool,
    /// Whether the API still says that the session is over.
    over: bool,
    /// Whether the session was renewed for it.
    renewed: bool,
}

/// What is known of a credential.
#[derive(Serialize, ToSchema)]
struct CredentialView {
    /// Whether it says which account it is.
    has_identity: bool,
    /// When it ends, where that is known.
    expires_at: Option<Moment>,
}

impl TestRunView {
    /// How it stands.
    pub(crate) fn of(run: &TestRun) -> Self {
        let (stage, _) = run.stage();
        let connector = &run.equipped.connector;
        let (mut waiting_for, mut error) = (None, None);
        let state = stage.name();
        match stage {
            Stage::Waiting(Waiting::Form(prompt)) => {
                waiting_for = Some(TestWaitingView::Form(prompt.into()));
            }
            Stage::Waiting(Waiting::Open(open, _)) => {
                waiting_for = Some(TestWaitingView::Open(open.into()));
            }
            Stage::Waiting(Waiting::Show(show)) => {
                waiting_for = Some(TestWaitingView::Show(Box::new((*show).into())));
            }
            Stage::Waiting(Waiting::Time) => {
                waiting_for = Some(TestWaitingView::Time(
                    "The API is asked again soon.".to_owned(),
                ));
            }
            Stage::Failed(told) => error = Some((*told).into()),
            Stage::Working | Stage::Done | Stage::Cancelled => {}
        }
        Self {
            id: run.id.clone(),
            connector: connector.name.clone(),
            environment: connector.environment.clone(),
            flow: run.tested.name(),
            endpoint: match &run.tested {
                Tested::Endpoint(name) => Some(name.clone()),
                _ => None,
            },
            state,
            waiting_for,
            error,
            outcome: run.outcome().map(OutcomeView::from),
            credential: run.credential().map(|credential| CredentialView {
                has_identity: credential.identity.is_some(),
                expires_at: credential.expires_at.map(Moment),
            }),
            started_at: Moment(run.started_at),
            expires_at: Moment(run.expires_at),
        }
    }
}

impl From<Outcome> for OutcomeView {
    fn from(outcome: Outcome) -> Self {
        Self {
            status: outcome.status,
            expected: outcome.expected,
            over: outcome.over,
            renewed: outcome.renewed,
        }
    }
}

impl From<Told> for TestFailureView {
    fn from(told: Told) -> Self {
        let (line, column) = match &told.place {
            Some(place) => (Some(place.line), Some(place.column)),
            None => (None, None),
        };
        Self {
            code: told.code,
            message: told.message,
            cause: told.cause,
            help: told.help,
            whose_fault: told.whose_fault,
            flow: told.flow,
            step: told.step,
            path: told.place.map(|place| place.path),
            line,
            column,
            nearest: told.nearest,
        }
    }
}
