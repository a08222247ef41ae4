//! Judging a step: whether it runs, what is picked out of its reply, and whether that is good.

use model::{Condition, Said, Step, Words};
use secret::Sensitive;
use serde_json::{Map, Value};
use template::{Path, ResolveError, Segment, Template};

use crate::body::BodyKind;
use crate::exchange::Received;
use crate::extract::extract;
use crate::failure::{Failure, FailureKind};
use crate::learned;
use crate::outputs::Outputs;
use crate::request::BuildError;
use crate::step::StepContext;
use crate::timeline::Event;

/// Whether the step runs.
pub(crate) fn when(cx: &mut StepContext<'_>, step: &Step) -> Result<bool, Failure> {
    match &step.when {
        Some(condition) => holds(cx, step, "when", condition, None),
        None => Ok(true),
    }
}

/// Whether one of a step's conditions holds.
pub(crate) fn holds(
    cx: &mut StepContext<'_>,
    step: &Step,
    what: &'static str,
    condition: &Condition,
    response: Option<&Value>,
) -> Result<bool, Failure> {
    let scope = cx.scope();
    let scope = match response {
        Some(response) => scope.with_response(response),
        None => scope,
    };
    let holds = condition
        .judge(&scope)
        .map(|verdict| verdict.holds)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    cx.observer.event(Event::Judged {
        step: step.id.clone(),
        what,
        holds,
    });
    Ok(holds)
}

/// Picks out what the step wants of a reply, then judges it. The outputs are in place before,
/// so that `expect` can name them.
pub(crate) fn reply(
    cx: &mut StepContext<'_>,
    step: &Step,
    received: &Received,
    mut outputs: Map<String, Value>,
) -> Result<Map<String, Value>, Failure> {
    pick(cx, step, received, &mut outputs)?;
    cx.run.outputs.set(&step.id, outputs.clone());
    match &step.expect {
        Some(_) => expect(cx, step, Some(received))?,
        None if received.status.as_u16() >= 400 => return Err(bad_status(received)),
        None => {}
    }
    Ok(outputs)
}

/// Puts what `extract` finds into the outputs. What is not found is absent.
pub(crate) fn pick(
    cx: &mut StepContext<'_>,
    step: &Step,
    received: &Received,
    outputs: &mut Map<String, Value>,
) -> Result<(), Failure> {
    for (name, how) in &step.extract {
        let found = extract(how, received)
            .map_err(|error| Failure::definition("extract_unusable", error.to_string()))?;
        let Some(value) = found else { continue };
        learned::every(&value, cx.observer);
        cx.observer.event(Event::Extracted {
            step: step.id.clone(),
            name: name.clone(),
            value: Sensitive::new(value.to_string()),
        });
        outputs.insert(name.clone(), value);
    }
    Ok(())
}

/// Judges the step's `expect`, where it has one.
pub(crate) fn expect(
    cx: &mut StepContext<'_>,
    step: &Step,
    received: Option<&Received>,
) -> Result<(), Failure> {
    let Some(condition) = &step.expect else {
        return Ok(());
    };
    let response = received.map(Received::response);
    if holds(cx, step, "expect", condition, response.as_ref())? {
        return Ok(());
    }
    Err(not_expected(
        cx,
        step,
        condition,
        response.as_ref(),
        received,
    ))
}

/// A template that cannot be resolved, told with what the reply it looked into was.
pub(crate) fn unusable(cx: &StepContext<'_>, step: &str, error: BuildError) -> Failure {
    if let BuildError::Resolve(ResolveError::Absent { path, .. }) = &error
        && let Some((of, page)) = html_instead(&cx.run.outputs, path)
    {
        return Failure::definition(
            "html_instead_of_json",
            format!(
                "Step `{step}` needs `{path}`, but the API answered step `{of}` with an HTML page."
            ),
        )
        .with_help(
            "Look at that page: the address may be wrong, or the API may want a sign-in first.",
        )
        .with_excerpt(&page)
        .at(step);
    }
    if let BuildError::Resolve(ResolveError::Absent { path, .. }) = &error
        && let Some(name) = path.strip_prefix("secrets.")
    {
        let connector = &cx.context.connector.name;
        return Failure::definition(
            "secret_missing",
            format!("The secret `{name}` of {connector} has no value here."),
        )
        .with_help(format!(
            "Set it with `stepgate secret set FILE {name}`, or by STEPGATE_SECRET_{}_{}.",
            in_environment(connector),
            in_environment(name)
        ))
        .at(step);
    }
    Failure::definition(error.code(), capitalised(&error.to_string()))
        .with_help(error.help())
        .at(step)
}

fn not_expected(
    cx: &StepContext<'_>,
    step: &Step,
    condition: &Condition,
    response: Option<&Value>,
    received: Option<&Received>,
) -> Failure {
    let scope = cx.scope();
    let scope = match response {
        Some(response) => scope.with_response(response),
        None => scope,
    };
    let because = condition.judge(&scope).ok().and_then(|found| found.because);
    let else_text = because.and_then(|test| test.render_else(&scope));
    let status = received.map(|received| received.status);
    let message = match (&else_text, status) {
        (Some(text), _) => Words::from(text.as_str()),
        (None, status) => Words::from(Said::NotAsExpected {
            step: step.id.clone(),
            status: status.map(|status| status.to_string()),
        }),
    };
    let page = because.and_then(|test| html_tested(&cx.run.outputs, test, received));
    let mut failure = Failure::new(FailureKind::Refused { else_text }, "refused", message);
    failure.status = status.map(|status| status.as_u16());
    match page {
        Some(page) => {
            // Said by a page, a "no" may be about anything: a wrong address, maintenance.
            failure.code = HTML;
            failure.with_help(Said::HtmlPage).with_excerpt(&page)
        }
        None => failure,
    }
}

/// The code of a refusal which an HTML page stood for.
pub(crate) const HTML: &str = "html_instead_of_json";

/// The page that a failed test looked into for JSON.
fn html_tested(outputs: &Outputs, test: &Condition, received: Option<&Received>) -> Option<String> {
    let Condition::Test { value, .. } = test else {
        return None;
    };
    value
        .templates()
        .into_iter()
        .flat_map(Template::expressions)
        .find_map(|expression| {
            let path = expression.path.to_string();
            let of_response = expression.path.root == "response"
                && looks_into_body(&expression.path.segments)
                && received.is_some_and(|reply| {
                    reply.kind() == BodyKind::Html
                        || (reply.body.is_string() && begins_as_html(&reply.text))
                });
            match received {
                Some(reply) if of_response => Some(reply.text.clone()),
                _ => html_instead(outputs, &path).map(|(_, page)| page),
            }
        })
}

/// The step and its page, where a path looks into a body for JSON and the body is HTML.
fn html_instead(outputs: &Outputs, path: &str) -> Option<(String, String)> {
    let path = Path::parse(path).ok()?;
    let of = outputs.of(&path.root)?;
    let page = of.get("body")?.as_str()?;
    let said = of
        .get("headers")
        .and_then(|headers| headers.get("content-type")?.as_str())
        .unwrap_or_default();
    let html = said.to_ascii_lowercase().contains("html") || begins_as_html(page);
    (html && looks_into_body(&path.segments)).then(|| (path.root.clone(), page.to_owned()))
}

/// Whether a text is a page, whatever its content type says.
fn begins_as_html(text: &str) -> bool {
    let beginning: String = text.trim_start().chars().take(14).collect();
    let beginning = beginning.to_ascii_lowercase();
    beginning.starts_with("<!doctype html") || beginning.starts_with("<html")
}

fn looks_into_body(segments: &[Segment]) -> bool {
    segments.len() > 1 && segments.first() == Some(&Segment::Key("body".to_owned()))
}

/// A status of 400 or more that no `expect` speaks of.
fn bad_status(received: &Received) -> Failure {
    let status = received.status.to_string();
    let said = match own_words(&received.body) {
        Some(why) => Said::RefusedByStatusSaying { status, why },
        None => Said::RefusedByStatus { status },
    };
    Failure::refused("refused", said)
        .with_status(received.status.as_u16())
        .with_excerpt(&received.text)
}

/// What an error reply says of itself, under the names that are usual.
pub(crate) fn own_words(body: &Value) -> Option<String> {
    const LONGEST: usize = 300;
    let names = [
        "error_description",
        "message",
        "detail",
        "title",
        "error",
        "errors",
    ];
    let text = names.iter().find_map(|name| words_of(body.get(name)?))?;
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    Some(text)
}

fn words_of(said: &Value) -> Option<String> {
    match said {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Object(_) => own_words(said),
        // GraphQL's, and those of others who list what is wrong.
        Value::Array(items) => items.first().and_then(words_of),
        _ => None,
    }
}

/// A name as it stands in the name of an environment variable.
fn in_environment(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if first.is_lowercase() => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
