//! Proofs for tokens that are bound to a key of the credential (RFC 9449).

use outbound::{Dpop, DpopKey, Proves, Signer, Signing};

use super::afresh;
use crate::engine::Engine;
use crate::packed::PackedCredential;
use crate::step::StepContext;

/// What signs each hop of a call whose `Authorization` shows a token that is bound to the credential's key; none where
/// the credential has no such key.
#[must_use]
pub fn bound_token_signing(credential: &PackedCredential, engine: &Engine) -> Option<Signing> {
    let key = credential.dpop_key()?;
    Some(proves(key, Proves::Token, engine))
}

/// The same for a step's request.
pub(crate) fn of_run(cx: &StepContext<'_>) -> Option<Signing> {
    let key = cx.run.dpop_key.as_ref()?;
    Some(proves(key, Proves::Token, cx.context.engine))
}

/// What proves at a token endpoint that the run's key is held.
pub(crate) fn of_key(cx: &mut StepContext<'_>) -> Signing {
    proves(&run_key(cx), Proves::Key, cx.context.engine)
}

/// The run's key, made where there is none yet.
pub(crate) fn run_key(cx: &mut StepContext<'_>) -> DpopKey {
    let random = &cx.context.engine.random;
    let key = &mut cx.run.dpop_key;
    key.get_or_insert_with(|| DpopKey::from_random(random.bytes()))
        .clone()
}

fn proves(key: &DpopKey, proves: Proves, engine: &Engine) -> Signing {
    let key = key.clone();
    afresh(Signer::Dpop(Dpop { key, proves }), engine)
}
