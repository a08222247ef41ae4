//! The step kinds, one file each; a closed set, so that a new kind is a new file and one line here.

mod api_request;
mod basic;
mod callback;
mod device_code;
mod form;
mod graphql_request;
mod js_code;
mod jwt_bearer;
mod ntlm;
pub(crate) mod oauth1;
mod oauth2;
mod oauth2_client_credentials;
mod oauth2_refresh;
mod oauth2_token_exchange;
mod sso_token;
mod totp;

use model::{Step, StepKind};

use crate::engine::Context;
use crate::failure::Failure;
use crate::run::{Input, RunData};
use crate::runner::Taken;
use crate::scope::CallScope;
use crate::timeline::Observer;

/// What a step works with.
pub(crate) struct StepContext<'a> {
    pub(crate) run: &'a mut RunData,
    pub(crate) context: &'a Context<'a>,
    pub(crate) observer: &'a mut dyn Observer,
}

impl StepContext<'_> {
    /// What the templates of this step may name.
    pub(crate) fn scope(&self) -> CallScope<'_> {
        let scope = CallScope::new(self.context, &self.run.outputs)
            .with_jar(&self.run.jar)
            .with_state(&self.run.state);
        match &self.run.asked_by {
            Some(response) => scope.with_response(response),
            None => scope,
        }
    }
}

/// Takes the step, or goes on with it after a pause.
pub(crate) async fn take(
    cx: &mut StepContext<'_>,
    step: &Step,
    input: Option<Input>,
) -> Result<Taken, Failure> {
    match &step.kind {
        StepKind::Form(kind) => form::take(cx, step, kind, input),
        StepKind::ApiRequest(kind) => api_request::take(cx, step, kind).await,
        StepKind::GraphqlRequest(kind) => graphql_request::take(cx, step, kind).await,
        StepKind::Callback(kind) => callback::take(cx, step, kind, input),
        StepKind::JsCode(kind) => js_code::take(cx, step, kind).await,
        StepKind::Ntlm(kind) => ntlm::take(cx, step, kind).await,
        StepKind::Basic(kind) => basic::take(cx, step, kind),
        StepKind::JwtBearer(kind) => jwt_bearer::take(cx, step, kind).await,
        StepKind::OAuth2(kind) => oauth2::take(cx, step, kind, input).await,
        StepKind::OAuth2ClientCredentials(kind) => {
            oauth2_client_credentials::take(cx, step, kind).await
        }
        StepKind::OAuth2Refresh(kind) => oauth2_refresh::take(cx, step, kind).await,
        StepKind::OAuth2TokenExchange(kind) => oauth2_token_exchange::take(cx, step, kind).await,
        StepKind::DeviceCode(kind) => device_code::take(cx, step, kind).await,
        StepKind::SsoToken(kind) => sso_token::take(cx, step, kind, input).await,
        StepKind::Totp(kind) => totp::take(cx, step, kind),
        StepKind::OAuth1(kind) => oauth1::take(cx, step, kind, input).await,
    }
}
