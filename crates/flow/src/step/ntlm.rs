//! `ntlm`: sends a request on a connection that NTLM signs in, and reads the reply.

use model::{NtlmStep, Redirects, Step};

use super::StepContext;
use crate::exchange;
use crate::failure::Failure;
use crate::judge::{self, unusable};
use crate::request::build_request;
use crate::runner::Taken;

pub(super) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    kind: &NtlmStep,
) -> Result<Taken, Failure> {
    let outgoing = build_request(&kind.request, Redirects::Follow, &cx.scope())
        .map_err(|error| unusable(cx, &step.id, error))?;
    let received = exchange::send(cx, &step.id, outgoing).await?;
    let outputs = received.outputs();
    judge::reply(cx, step, &received, outputs).map(Taken::Done)
}
