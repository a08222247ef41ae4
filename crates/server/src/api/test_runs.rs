//! Trying a definition out: a test run is started, followed, answered, looked into value by value, and reported.

use crate::api::body::Json;
use crate::api::connector_text::Checked;
use crate::api::person::Person;
use crate::api::runs::{Answers, typed};
use crate::api::state::Api;
use crate::api::test_report::report;
use crate::api::test_run_events::events;
use crate::api::test_run_view::{TestRunView, TestRunWithEvents};
use crate::api::timeline_view::{TimelineEvent, timeline, type_of};
use crate::problem::Problem;
use crate::registry::{Definition, Origin};
use crate::signing_in::PEOPLE;
use crate::test_run::{self, Beginning, Plan, TestRun, Tested, TooMany, Waiting};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use connection::Equipped;
use flow::{Credential, Input};
use gateway::Retry;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How long a reply waits for a test run to come to a rest, so that most callers need not ask twice.
const PATIENCE: Duration = Duration::from_secs(10);

/// A test run to be started.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTestRun {
    /// The definition, saved or not.
    text: Option<String>,
    /// Or the name of a connector that is served.
    #[schema(example = "wiki")]
    connector: Option<String>,
    /// The connector's environment.
    environment: Option<String>,
    flow: FlowName,
    /// The endpoint, where one is tested.
    endpoint: Option<String>,
    /// Its parameters.
    #[serde(default)]
    parameters: Map<String, Value>,
    /// An earlier test run of yours, whose credential is used, or whose outputs where `from_step` is there.
    of: Option<String>,
    /// Begins at this step, with what those before it left behind in the test run `of`. What that used up, such as a code
    /// for one use, the API may refuse.
    from_step: Option<String>,
    /// Sends a call with a bad token first, to show that the session is seen to be over, and renewed.
    #[serde(default)]
    spoil: bool,
}

/// What is tested.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum FlowName {
    Auth,
    Refresh,
    Logout,
    TestApi,
    Endpoint,
}

/// Your test runs.
#[derive(Serialize, ToSchema)]
struct TestRunsView {
    /// Newest first.
    test_runs: Vec<TestRunView>,
}

/// A value to be shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Revealing {
    /// An output (`login.body.token`), a cookie (`cookies.sid`), or a part of the event `exchanged` of an index:
    /// `exchange[4].request.body`, `exchange[4].reply.headers.x-user`, `exchange[4].hops[0].request.url`.
    #[schema(example = "login.body.token")]
    path: String,
}

/// A value in the clear. Secrets of the connector stay hidden in it.
#[derive(Serialize, ToSchema)]
struct RevealedView {
    path: String,
    #[serde(rename = "type")]
    value_type: &'static str,
    value: Value,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list, start))
        .routes(routes!(get, delete))
        .routes(routes!(answer))
        .routes(routes!(resend))
        .routes(routes!(reveal))
        .routes(routes!(told))
}

/// Lists your test runs
#[utoipa::path(get, path = "/test-runs", tag = "test runs",
    responses((status = 200, description = "Those that are still held.", body = TestRunsView)))]
async fn list(State(api): State<Api>, person: Person) -> axum::Json<TestRunsView> {
    let runs = api.test_runs.all_of(&person.login);
    axum::Json(TestRunsView {
        test_runs: runs.iter().map(|run| TestRunView::of(run)).collect(),
    })
}

/// Starts a test run
///
/// It is held in memory for 30 minutes and seen by you alone; nothing of it is stored, and none becomes a connection. Its
/// requests are real ones, under the same rules as those of any run.
#[utoipa::path(post, path = "/test-runs", tag = "test runs", request_body = NewTestRun,
    responses((status = 201, description = "Started; how it stands once it rests.", body = TestRunWithEvents)))]
async fn start(
    State(api): State<Api>,
    person: Person,
    Json(new): Json<NewTestRun>,
) -> Result<Response, Problem> {
    let (text, equipped) = definition(&api, &new).await?;
    let tested = new.tested(&equipped)?;
    let earlier = match &new.of {
        Some(id) => Some(find(&api, &person, id)?),
        None => None,
    };
    if let Some(earlier) = &earlier {
        fits(earlier, &equipped)?;
    }
    let beginning = new.beginning(earlier.as_deref())?;
    let base = match (&tested, &beginning) {
        (Tested::Auth, _) => None,
        _ => earlier.as_ref().and_then(|run| run.credential()),
    };
    new.has_what_it_needs(&tested, base.as_ref(), &equipped)?;
    let plan = Plan {
        person: person.login.clone(),
        tested,
        text,
        equipped,
        parameters: new.parameters.into_iter().collect(),
        base,
        beginning,
        spoil: new.spoil,
    };
    let run = test_run::start(&api.test_runs, &api.connections, plan)?;
    tracing::info!(person = %person.login, test_run = %run.id, connector = %run.equipped.connector.name, "a test run was started");
    rested(&run).await;
    let mut response = whole(&run);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::try_from(format!("/api/test-runs/{}", run.id)) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Tells how a test run stands
///
/// With `Accept: text/event-stream` everything that happens comes as an event `timeline`, and each change of its state as an
/// event `run`, until it is over. `Last-Event-ID` goes on after that event.
#[utoipa::path(get, path = "/test-runs/{id}", tag = "test runs",
    params(("id" = String, Path, description = "The test run.")),
    responses((status = 200, description = "How it stands, and what has happened. Each value is masked.",
        content((TestRunWithEvents = "application/json"), (TimelineEvent = "text/event-stream")))))]
async fn get(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let run = find(&api, &person, &id)?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !text(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream")) {
        return Ok(whole(&run));
    }
    let seen = text("last-event-id").and_then(|id| id.parse::<usize>().ok());
    let waiting = api.waits.begin(&format!("{PEOPLE}/{}", person.login))?;
    let from = seen.map_or(0, |seen| seen.saturating_add(1));
    Ok(events(run, from, waiting))
}

/// Answers a form of a test run
#[utoipa::path(post, path = "/test-runs/{id}/answers", tag = "test runs", request_body = Answers,
    params(("id" = String, Path, description = "The test run.")),
    responses((status = 200, description = "How it stands then.", body = TestRunWithEvents)))]
async fn answer(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
    Json(Answers(answers)): Json<Answers>,
) -> Result<Response, Problem> {
    let run = find(&api, &person, &id)?;
    let (step, fields) = typed(answers)?;
    let asks = |waiting: &Waiting| matches!(waiting, Waiting::Form(prompt) if prompt.step == step);
    let typed = flow::Answers::typed(&step, fields);
    if !run.go_on(Input::Answers(typed), asks) {
        return Err(Problem::conflict(
            "wrong_turn",
            format!("The test run does not wait for the form `{step}`."),
        ));
    }
    rested(&run).await;
    Ok(whole(&run))
}

/// Has a test run send again what its form is about
///
/// Where the form that is waited for can have something sent again, such as a code: see `resends_left`.
#[utoipa::path(post, path = "/test-runs/{id}/resend", tag = "test runs",
    params(("id" = String, Path, description = "The test run.")),
    responses((status = 200, description = "How it stands then.", body = TestRunWithEvents)))]
async fn resend(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let run = find(&api, &person, &id)?;
    let can = |waiting: &Waiting| match waiting {
        Waiting::Form(prompt) => prompt.resends_left.is_some_and(|left| left > 0),
        _ => false,
    };
    if !run.go_on(Input::Resend, can) {
        return Err(Problem::conflict(
            "wrong_turn",
            "The test run does not wait for a form that has something sent again.",
        ));
    }
    rested(&run).await;
    Ok(whole(&run))
}

/// Ends a test run and forgets it
#[utoipa::path(delete, path = "/test-runs/{id}", tag = "test runs",
    params(("id" = String, Path, description = "The test run.")),
    responses((status = 204, description = "It is gone.")))]
async fn delete(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let run = find(&api, &person, &id)?;
    api.test_runs.drop_one(&run.id);
    Ok(StatusCode::NO_CONTENT)
}

/// Shows one value of a test run
///
/// Of your own alone. The log says that you asked, not what you saw.
#[utoipa::path(post, path = "/test-runs/{id}/reveal", tag = "test runs", request_body = Revealing,
    params(("id" = String, Path, description = "The test run.")),
    responses((status = 200, description = "The value.", body = RevealedView)))]
async fn reveal(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
    Json(Revealing { path }): Json<Revealing>,
) -> Result<Response, Problem> {
    let run = find(&api, &person, &id)?;
    let parsed = template::Path::parse(&path)
        .map_err(|error| Problem::invalid("path", format!("It is no path: {}.", error.message)))?;
    let value = test_run::value_at(&run, &parsed).ok_or_else(|| Problem::not_found("value"))?;
    tracing::info!(person = %person.login, test_run = %run.id, %parsed, "a value of a test run was revealed");
    let view = RevealedView {
        path,
        value_type: type_of(&value),
        value,
    };
    Ok(([(CACHE_CONTROL, "no-store")], axum::Json(view)).into_response())
}

/// Tells a test run as a report
///
/// Markdown with nothing secret in it: each hidden value has a number, the same wherever it stands.
#[utoipa::path(get, path = "/test-runs/{id}/report", tag = "test runs",
    params(("id" = String, Path, description = "The test run.")),
    responses((status = 200, description = "The report.", content((String = "text/markdown")))))]
async fn told(
    State(api): State<Api>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let run = find(&api, &person, &id)?;
    let kind = (CONTENT_TYPE, "text/markdown; charset=utf-8");
    Ok(([kind, (CACHE_CONTROL, "no-store")], report(&run)).into_response())
}

/// The test run, where it is this person's: another's is as unknown as one that does not exist.
fn find(api: &Api, person: &Person, id: &str) -> Result<Arc<TestRun>, Problem> {
    let found = api.test_runs.of(&person.login, id);
    found.ok_or_else(|| Problem::not_found("test run"))
}

/// The definition that is meant, ready for a run.
async fn definition(api: &Api, new: &NewTestRun) -> Result<(Arc<str>, Equipped), Problem> {
    let environment = new.environment.as_deref();
    match (&new.text, &new.connector) {
        (Some(text), None) => {
            // For the problems, each with its place.
            let (_, text, _) = Checked::read(text.clone()).await?.into_connector()?;
            let text: Arc<str> = text.into();
            let read = text.clone();
            let reading = tokio::task::spawn_blocking(move || {
                Definition::read(Origin::Store { version: 0 }, read)
            });
            let definition = reading.await.map_err(|error| Problem::internal(&error))?;
            let definition =
                definition.map_err(|problems| Problem::internal(&problems.join("; ")))?;
            let equipped = api.registry.equip(&definition, environment).await?;
            Ok((
                text,
                equipped.ok_or_else(|| Problem::not_found("environment"))?,
            ))
        }
        (None, Some(name)) => {
            let snapshot = api.registry.snapshot();
            let entry = snapshot.entry(name);
            let entry = entry.ok_or_else(|| Problem::not_found("connector"))?;
            let served = entry.in_environment(environment);
            let served = served.ok_or_else(|| Problem::not_found("environment"))?;
            Ok((entry.definition.text.clone(), served.equipped.clone()))
        }
        _ => Err(Problem::invalid(
            "text",
            "Give the definition by `text`, or a served one by `connector`.",
        )),
    }
}

/// Whether what an earlier test run left may be used with this definition: it goes nowhere else than it came from.
fn fits(earlier: &TestRun, equipped: &Equipped) -> Result<(), Problem> {
    let (before, now) = (&earlier.equipped.connector, &equipped.connector);
    if before.name != now.name || before.origin_set_key() != now.origin_set_key() {
        return Err(Problem::conflict(
            "origins_changed",
            "The earlier test run is of another connector or other addresses: test the auth flow again.",
        ));
    }
    Ok(())
}

impl NewTestRun {
    fn tested(&self, equipped: &Equipped) -> Result<Tested, Problem> {
        let connector = &equipped.connector;
        let missing =
            |what: &str| Problem::conflict("not_there", format!("The definition has no {what}."));
        match self.flow {
            FlowName::Auth if connector.auth_flow.steps.is_empty() => Err(missing("auth flow")),
            FlowName::Auth => Ok(Tested::Auth),
            FlowName::Refresh => Ok(Tested::Refresh),
            FlowName::Logout if connector.logout_flow.is_none() => Err(missing("logout flow")),
            FlowName::Logout => Ok(Tested::Logout),
            FlowName::TestApi if connector.test_api.is_none() => Err(missing("test API")),
            FlowName::TestApi => Ok(Tested::TestApi),
            FlowName::Endpoint => {
                let name = self.endpoint.as_deref().unwrap_or_default();
                match connector.endpoint(name) {
                    Some(_) => Ok(Tested::Endpoint(name.to_owned())),
                    None => Err(missing(&format!("endpoint `{name}`"))),
                }
            }
        }
    }

    fn beginning(&self, earlier: Option<&TestRun>) -> Result<Option<Beginning>, Problem> {
        let Some(step) = &self.from_step else {
            return Ok(None);
        };
        let Some(earlier) = earlier else {
            return Err(Problem::invalid(
                "from_step",
                "Say by `of` which test run left behind what comes before it.",
            ));
        };
        let (outputs, _) = earlier.left();
        Ok(Some(Beginning {
            step: step.clone(),
            outputs,
            jars: earlier.jars_before(step),
        }))
    }

    fn has_what_it_needs(
        &self,
        tested: &Tested,
        base: Option<&Credential>,
        equipped: &Equipped,
    ) -> Result<(), Problem> {
        let connector = &equipped.connector;
        let attaches = match tested {
            Tested::Auth => return Ok(()),
            Tested::Endpoint(name) => connector.endpoint(name).is_some_and(|it| it.attach),
            Tested::TestApi => connector.test_api.as_ref().is_some_and(|it| it.attach),
            Tested::Refresh | Tested::Logout => true,
        };
        match base {
            None if attaches => Err(Problem::conflict(
                "nobody_signed_in",
                "There is no credential to do this with.",
            )
            .help("Test the auth flow, and name that test run by `of`.")),
            _ => Ok(()),
        }
    }
}

/// Waits until it rests, or for a while.
async fn rested(run: &TestRun) {
    let mut changes = run.changes();
    let rest = changes.wait_for(|_| !matches!(run.stage().0, test_run::Stage::Working));
    // Too slow is no error: the caller follows it.
    let _ = tokio::time::timeout(PATIENCE, rest).await;
}

fn whole(run: &TestRun) -> Response {
    let view = TestRunWithEvents {
        run: TestRunView::of(run),
        events: timeline(run, 0),
    };
    ([(CACHE_CONTROL, "no-store")], axum::Json(view)).into_response()
}

impl From<TooMany> for Problem {
    fn from(_: TooMany) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_test_runs",
            "Too many test runs are under way.",
        )
        .help("End one of yours, or wait until one has ended.")
        .retry(Retry::Later)
        .header(RETRY_AFTER, HeaderValue::from_static("10"))
    }
}
