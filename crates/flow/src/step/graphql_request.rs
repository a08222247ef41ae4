//! `graphql_request`: sends an operation; errors in its reply are a refusal, whatever the status.

use model::{GraphqlErrors, GraphqlRequestStep, Redirects, Step};

use super::StepContext;
use crate::exchange;
use crate::failure::{Failure, FailureKind};
use crate::graphql;
use crate::judge::{self, unusable};
use crate::request::build_request;
use crate::runner::Taken;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &GraphqlRequestStep,
) -> Result<Taken, Failure> {
    let outgoing = build_request(&kind.request, Redirects::Follow, &cx.scope())
        .map_err(|error| unusable(cx, &step.id, error))?;
    let received = exchange::send(cx, &step.id, outgoing).await?;
    let errors = match kind.errors {
        GraphqlErrors::Fail => graphql::failure(&received),
        GraphqlErrors::Keep => None,
    };
    if let Some(failure) = errors.as_ref().filter(|failure| failure.is_passing()) {
        return Err(failure.clone());
    }
    let judged = judge::reply(cx, step, &received, received.outputs());
    match (judged, errors) {
        (Ok(outputs), None) => Ok(Taken::Done(outputs)),
        // The definition's own words come first, then the API's.
        (Err(failure), Some(_)) if has_else(&failure) => Err(failure),
        (_, Some(failure)) | (Err(failure), None) => Err(failure),
    }
}

fn has_else(failure: &Failure) -> bool {
    !matches!(failure.kind, FailureKind::Refused { else_text: None })
}
