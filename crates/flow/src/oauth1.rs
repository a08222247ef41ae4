//! OAuth 1.0a beneath its step kind: a client that signs, and replies that are read without being believed.

use http::Method;
use model::{OAuth1Client, Said, Step};
use outbound::{OAuth1, Outgoing, Signer};
use secret::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::body::{BodyKind, form_map};
use crate::exchange::{self, Received};
use crate::failure::{Failure, FailureKind};
use crate::judge::{own_words, unusable};
use crate::learned;
use crate::request::BuildError;
use crate::run::FlowKind;
use crate::signing::{afresh, signs};
use crate::step::StepContext;
use crate::timeline::Observer;

/// Temporary credentials (RFC 5849, section 2.1): part of a run while its person is at the API.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RequestToken {
    pub(crate) token: String,
    pub(crate) secret: String,
}

/// A client of one step, ready to sign.
pub(crate) struct Client(OAuth1);

/// Why a reply gives no credentials.
#[derive(Clone, Copy)]
pub(crate) enum NotGranted {
    Refused,
    Unusable(&'static str),
    /// Without it a sign-in can be slipped into another's browser (section 4.15 of the protocol's first version).
    NotConfirmed,
}

impl RequestToken {
    /// Those of a reply that was looked at by [`granted`].
    pub(crate) fn of(fields: &Map<String, Value>, observer: &mut dyn Observer) -> Self {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let found = Self {
            token: text("oauth_token").to_owned(),
            secret: text("oauth_token_secret").to_owned(),
        };
        learned::text(&found.token, observer);
        learned::text(&found.secret, observer);
        found
    }
}

impl Client {
    /// The client with its templates resolved, signing for a token where there is one.
    pub(crate) fn resolve(
        cx: &mut StepContext<'_>,
        step: &Step,
        client: &OAuth1Client,
        token: Option<&RequestToken>,
    ) -> Result<Self, Failure> {
        let secret = |text: &String| SecretString::new(text.clone());
        let token = token.map(|token| (secret(&token.token), secret(&token.secret)));
        let signs = signs(client, token, &cx.scope());
        signs.map(Self).map_err(|error| match error {
            BuildError::SignIn {
                field,
                problem,
                help,
            } => Failure::definition("key_unusable", format!("`{}.{field}` {problem}.", step.id))
                .with_help(help)
                .at(&step.id),
            other => unusable(cx, &step.id, other),
        })
    }

    /// The same with a further parameter of the protocol.
    pub(crate) fn with(self, name: &'static str, value: String) -> Self {
        Self(self.0.with(name, value))
    }
}

/// Sends a signed request for credentials.
pub(crate) async fn ask(
    cx: &mut StepContext<'_>,
    step: &Step,
    url: Url,
    client: Client,
) -> Result<Received, Failure> {
    let mut outgoing = Outgoing::new(Method::POST, url);
    outgoing.signing = Some(afresh(Signer::OAuth1(client.0), cx.context.engine));
    exchange::send(cx, &step.id, outgoing).await
}

/// The fields of a reply that grants credentials.
pub(crate) fn granted(received: &Received) -> Result<Map<String, Value>, NotGranted> {
    let fields = fields(received);
    let says_no = fields.as_ref().is_some_and(|fields| {
        fields.contains_key("oauth_problem")
            || (fields.contains_key("error") && !fields.contains_key("oauth_token"))
    });
    let status = received.status.as_u16();
    if says_no || (matches!(status, 400 | 401 | 403) && received.kind() != BodyKind::Html) {
        return Err(NotGranted::Refused);
    }
    if status >= 300 {
        return Err(NotGranted::Unusable("Its status is none of success."));
    }
    let fields = fields.ok_or(NotGranted::Unusable("It is neither a form nor JSON."))?;
    match fields.get("oauth_token") {
        Some(Value::String(token)) if !token.is_empty() => {}
        _ => return Err(NotGranted::Unusable("It holds no one `oauth_token`.")),
    }
    match fields.get("oauth_token_secret") {
        Some(Value::String(_)) => Ok(fields),
        _ => Err(NotGranted::Unusable(
            "It holds no one `oauth_token_secret`.",
        )),
    }
}

impl NotGranted {
    /// The same as the failure of a run.
    pub(crate) fn failure(self, cx: &StepContext<'_>, received: &Received) -> Failure {
        let failure = match self {
            Self::Refused => refused(cx, received),
            Self::Unusable(why) => {
                // At a sign-in the definition is at fault; a renewal has worked before.
                let kind = match cx.run.kind {
                    FlowKind::Refresh => FailureKind::Passing { retry_after: None },
                    FlowKind::Auth | FlowKind::Logout | FlowKind::StepUp => FailureKind::Definition,
                };
                let message = format!(
                    "The API's answer is no answer of OAuth 1.0a (status {}). {why}",
                    received.status
                );
                Failure::new(kind, "token_reply_unusable", message)
                    .with_help("Nothing was changed. Check the addresses of this step, and look at the reply.")
            }
            Self::NotConfirmed => Failure::definition(
                "callback_not_confirmed",
                "The API did not confirm the callback: its answer has no `oauth_callback_confirmed=true`.",
            )
            .with_help("Nobody was sent to it. It speaks OAuth 1.0 without the repair of 1.0a, which lets one person's sign-in end up as another's."),
        };
        failure
            .with_status(received.status.as_u16())
            .with_excerpt(&received.text)
    }
}

/// An API's no, in its own words and with what is most often behind it.
fn refused(cx: &StepContext<'_>, received: &Received) -> Failure {
    let fields = fields(received).unwrap_or_default();
    let problem = fields.get("oauth_problem").and_then(Value::as_str);
    let said = own_words(&Value::Object(fields.clone())).or_else(|| problem.map(str::to_owned));
    let said = match said {
        Some(why) => Said::Refused { why },
        None => Said::RefusedByStatus {
            status: received.status.to_string(),
        },
    };
    let failure = Failure::refused("token_refused", said);
    match cx.run.kind {
        FlowKind::Refresh => failure.with_help(Said::SignInAgain),
        FlowKind::Auth | FlowKind::Logout | FlowKind::StepUp => failure.with_help(
            "Check `consumer_key`, `consumer_secret` and `signature_method` against what the API issued.",
        ),
    }
}

/// The fields of a reply: a form, whatever its content type says, or JSON.
fn fields(received: &Received) -> Option<Map<String, Value>> {
    match &received.body {
        Value::Object(map) => Some(map.clone()),
        Value::String(text) if !text.contains('<') => {
            let map = form_map(text.trim().as_bytes());
            let names = ["oauth_token", "oauth_problem", "error"];
            names
                .iter()
                .any(|name| map.contains_key(*name))
                .then_some(map)
        }
        _ => None,
    }
}
