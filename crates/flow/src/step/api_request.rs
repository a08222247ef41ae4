//! `api_request`: sends a request, again and again where it polls, and reads the reply.

use std::time::Duration;

use model::{ApiRequestStep, Poll, Said, Step, Words};

use super::StepContext;
use crate::exchange::{self, Received};
use crate::failure::{Failure, FailureKind};
use crate::judge::{self, unusable};
use crate::request::build_request;
use crate::run::Paused;
use crate::runner::{Taken, from_millis, to_millis};

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &ApiRequestStep,
) -> Result<Taken, Failure> {
    let now = to_millis(cx.context.engine.clock.now());
    if let Some(Paused::Time { at, .. }) = &cx.run.paused
        && now < *at
    {
        return Ok(Taken::Wait(from_millis(*at)));
    }
    let outgoing = build_request(&kind.request, kind.redirects, &cx.scope())
        .map_err(|error| unusable(cx, &step.id, error))?;
    let received = exchange::send(cx, &step.id, outgoing).await?;
    let outputs = received.outputs();
    if let Some(poll) = &kind.poll {
        // The reply that ends the wait is the one that is judged.
        cx.run.outputs.set(&step.id, outputs.clone());
        let response = received.response();
        if !judge::holds(cx, step, "until", &poll.until, Some(&response))? {
            return again(cx, step, poll, &received, now);
        }
    }
    judge::reply(cx, step, &received, outputs).map(Taken::Done)
}

/// Waits for the next poll, unless the time is over or the reply is an error that the
/// definition says nothing of.
fn again(
    cx: &mut StepContext<'_>,
    step: &Step,
    poll: &Poll,
    received: &Received,
    begun: i64,
) -> Result<Taken, Failure> {
    if step.expect.is_none() && received.status.as_u16() >= 400 {
        judge::reply(cx, step, received, received.outputs())?;
    }
    let millis = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    let ends = match &cx.run.paused {
        Some(Paused::Time { ends, .. }) => *ends,
        _ => begun.saturating_add(millis(poll.for_)),
    };
    let now = to_millis(cx.context.engine.clock.now());
    let at = now.saturating_add(millis(poll.every));
    if at > ends {
        return Err(time_is_over(cx, poll, received));
    }
    cx.run.paused = Some(Paused::Time {
        step: step.id.clone(),
        at,
        ends,
    });
    Ok(Taken::Wait(from_millis(at)))
}

fn time_is_over(cx: &StepContext<'_>, poll: &Poll, received: &Received) -> Failure {
    let response = received.response();
    let scope = cx.scope().with_response(&response);
    let because = poll
        .until
        .judge(&scope)
        .ok()
        .and_then(|found| found.because);
    let else_text = because.and_then(|test| test.render_else(&scope));
    let message = match &else_text {
        Some(written) => Words::from(written.as_str()),
        None => Words::from(Said::NotHappened {
            seconds: poll.for_.as_secs(),
        }),
    };
    Failure::new(
        FailureKind::Refused { else_text },
        "waited_in_vain",
        message,
    )
    .with_status(received.status.as_u16())
}
