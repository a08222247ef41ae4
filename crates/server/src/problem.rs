//! The one form of everything that is not the API's own answer: problem+json by RFC 9457, with whose fault it is, whether
//! to try again and what to do. What only our log may know never gets in.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use connection::{ConnectionError, SetBack, SetBackKind};
use flow::FailureKind;
use gateway::{CallError, Retry, WhoseFault};
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use model::{Said, Words};
use serde_json::{Map, Value};
use std::ops::{Deref, DerefMut};
use store::StoreError;

/// The media type.
pub(crate) const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// When it may be tried again, in seconds since 1970.
const RETRY_AT: &str = "retry_at";

/// What a caller is told instead of an answer. Small to move, as almost no call meets one.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Told>);

/// What a problem tells.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// The stable code.
    pub(crate) code: &'static str,
    /// A sentence for people.
    pub(crate) detail: Words,
    /// Who has to act.
    pub(crate) whose_fault: WhoseFault,
    /// Whether the same request may be sent again.
    pub(crate) retry: Retry,
    /// What to do.
    pub(crate) help: Option<Words>,
    /// Where to sign in.
    pub(crate) sign_in_url: Option<String>,
    /// The request's id; it is put in where the reply leaves.
    pub(crate) request_id: Option<String>,
    /// Further members.
    pub(crate) more: Map<String, Value>,
    /// Further header fields.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// What only the log is told.
    cause: Option<String>,
}

impl Problem {
    /// A fault of the caller's, not to be repeated.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<Words>) -> Self {
        Self(Box::new(Told {
            status,
            code,
            detail: detail.into(),
            whose_fault: WhoseFault::Caller,
            retry: Retry::No,
            help: None,
            sign_in_url: None,
            request_id: None,
            more: Map::new(),
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// Who has to act.
    pub(crate) fn fault(mut self, whose: WhoseFault) -> Self {
        self.whose_fault = whose;
        self
    }

    /// Whether to try again.
    pub(crate) fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// What to do.
    pub(crate) fn help(mut self, help: impl Into<Words>) -> Self {
        self.help = Some(help.into()).filter(|help| !help.is_empty());
        self
    }

    /// A further member.
    pub(crate) fn more(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// A further header field.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Nothing shows who calls, or what shows it is not taken.
    pub(crate) fn unauthenticated(code: &'static str, detail: impl Into<Words>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
            .header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// There is none, or none for whoever asks: the very same words, so that nobody learns which.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            Said::NoSuch {
                what: what.to_owned(),
            },
        )
    }

    /// Too much is asked at once.
    pub(crate) fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Too much is asked at once; nothing was changed.",
        )
        .fault(WhoseFault::Stepgate)
        .retry(Retry::Later)
        .header(RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// Our own fault: the log says what, the caller is told that.
    pub(crate) fn internal(error: &dyn std::fmt::Display) -> Self {
        let mut problem = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Stepgate could not do this; its log says why, at this request's id.",
        )
        .fault(WhoseFault::Stepgate);
        problem.cause = Some(error.to_string());
        problem
    }

    /// Writes a fault of ours to the log, under the id that the caller is told. To be called where the reply leaves.
    pub(crate) fn log(&self, request_id: &str) {
        if !self.status.is_server_error() || self.whose_fault != WhoseFault::Stepgate {
            return;
        }
        let (code, detail) = (self.code, self.detail.as_str());
        match self.cause.as_deref() {
            Some(cause) => tracing::error!(request_id, code, cause, "a request failed"),
            None => tracing::warn!(request_id, code, detail, "a request failed"),
        }
    }

    /// The document.
    pub(crate) fn body(&self) -> Bytes {
        let mut body = Map::new();
        body.insert("type".to_owned(), "about:blank".into());
        let title = self.status.canonical_reason().unwrap_or("Error");
        body.insert("title".to_owned(), title.into());
        body.insert("status".to_owned(), self.status.as_u16().into());
        body.insert("detail".to_owned(), self.detail.as_str().into());
        body.insert("code".to_owned(), self.code.into());
        body.insert("whose_fault".to_owned(), self.whose_fault.word().into());
        body.insert("retry".to_owned(), self.retry.word().into());
        let optional = [
            ("request_id", self.request_id.as_deref()),
            ("sign_in_url", self.sign_in_url.as_deref()),
            ("help", self.help.as_deref()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                body.insert(name.to_owned(), value.into());
            }
        }
        for (name, value) in &self.more {
            body.insert(name.clone(), value.clone());
        }
        Value::Object(body).to_string().into()
    }

    /// A further header field, in the place of those of this name.
    pub(crate) fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value));
    }

    /// The same with the seconds that are left until it may be tried again, where it says when that is.
    pub(crate) fn at(mut self, now: i64) -> Self {
        if let Some(until) = self.more.get(RETRY_AT).and_then(Value::as_i64) {
            let left = until.saturating_sub(now).max(1);
            self.set_header(RETRY_AFTER, HeaderValue::from(left));
        }
        self
    }

    fn postponed(message: String, until: Option<i64>) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "renewal_postponed",
            message,
        )
        .fault(WhoseFault::Api)
        .retry(Retry::Later);
        if let Some(until) = until {
            problem = problem.more(RETRY_AT, until);
        }
        // Until `at` is told the time.
        problem.header(RETRY_AFTER, HeaderValue::from_static("60"))
    }

    /// A sign-in that runs by itself does not work for now.
    fn set_back(error: &CallError, setback: &SetBack) -> Self {
        let status = match setback.kind {
            SetBackKind::Refused | SetBackKind::Passing => StatusCode::SERVICE_UNAVAILABLE,
            SetBackKind::Definition | SetBackKind::Ours => StatusCode::INTERNAL_SERVER_ERROR,
            SetBackKind::Person => StatusCode::CONFLICT,
        };
        let told = Self::new(status, error.code(), error.to_string())
            .fault(error.whose_fault())
            .retry(error.retry())
            .help(error.help())
            .more("cause", setback.cause.as_str());
        match error.retry() {
            Retry::Later => told
                .more(RETRY_AT, setback.until)
                .header(RETRY_AFTER, HeaderValue::from_static("60")),
            Retry::No | Retry::AfterSignIn => told,
        }
    }
}

impl Deref for Problem {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Told {
        &mut self.0
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        let status = match &error {
            CallError::UnknownEndpoint { .. } => StatusCode::NOT_FOUND,
            CallError::UnknownParameter { .. }
            | CallError::MissingParameter { .. }
            | CallError::BadParameter { .. }
            | CallError::BadPath(_)
            | CallError::BodyBroken(_) => StatusCode::BAD_REQUEST,
            CallError::BadMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            CallError::BodyTakesNoKey { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            CallError::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            CallError::NotRepeated { .. }
            | CallError::SignInRequired { .. }
            | CallError::StepUpRequired { .. } => StatusCode::CONFLICT,
            CallError::Definition { .. } | CallError::AddressRefused(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            CallError::NoReply { code, .. } if *code == "api_timeout" => {
                StatusCode::GATEWAY_TIMEOUT
            }
            CallError::NoReply { .. } => StatusCode::BAD_GATEWAY,
            CallError::TooManyTunnels => StatusCode::SERVICE_UNAVAILABLE,
            CallError::WebSocketRefused(_) => StatusCode::NOT_IMPLEMENTED,
            CallError::RenewalPostponed { message, until } => {
                let message =
                    format!("The session is over and could not be renewed for now: {message}");
                return Self::postponed(message, *until).help(error.help());
            }
            CallError::SignInSetBack(setback) => return Self::set_back(&error, setback),
            CallError::Ours { message, .. } => return Self::internal(message),
        };
        let help = match &error {
            // The command line's own words would help nobody here.
            CallError::MissingParameter { name, .. } => {
                format!("Give it: {{\"parameters\": {{\"{name}\": …}}}}.")
            }
            CallError::AddressRefused(_) => {
                "Private addresses are off limits unless the server allows their network."
                    .to_owned()
            }
            other => other.help(),
        };
        Self::new(status, error.code(), error.to_string())
            .fault(error.whose_fault())
            .retry(error.retry())
            .help(help)
    }
}

impl From<ConnectionError> for Problem {
    fn from(error: ConnectionError) -> Self {
        let code = error.code();
        match error {
            ConnectionError::Ambiguous { ref labels } => {
                let labels: Vec<Value> = labels.iter().map(|label| label.as_str().into()).collect();
                Self::new(StatusCode::CONFLICT, code, error.to_string())
                    .help("Name one of them by the header Stepgate-Connection.")
                    .more("connections", labels)
            }
            ConnectionError::SignInRequired { reason } => {
                CallError::SignInRequired { reason }.into()
            }
            ConnectionError::IdentityDiffers { .. } | ConnectionError::NotProven { .. } => {
                Self::new(StatusCode::CONFLICT, code, error.to_string())
            }
            ConnectionError::SetBack(setback) => CallError::SignInSetBack(setback).into(),
            ConnectionError::Postponed { message, until } => Self::postponed(message, until),
            ConnectionError::Flow(ref failure) => match failure.kind {
                FailureKind::Refused { .. } => {
                    Self::new(StatusCode::CONFLICT, code, error.to_string())
                        .retry(Retry::AfterSignIn)
                }
                FailureKind::Cancelled => Self::new(StatusCode::CONFLICT, code, error.to_string()),
                FailureKind::Passing { .. } => {
                    Self::new(StatusCode::BAD_GATEWAY, code, error.to_string())
                        .fault(WhoseFault::Api)
                        .retry(Retry::Later)
                }
                FailureKind::Definition => Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    failure.code,
                    error.to_string(),
                )
                .fault(WhoseFault::Builder)
                .help(failure.help.clone()),
                FailureKind::Ours => Self::internal(&error),
            },
            ConnectionError::Store(error) => Self::from(&*error),
            ConnectionError::Ours { .. } => Self::internal(&error),
        }
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        let told = |status, code| Self::new(status, code, sentence(&error.to_string()));
        match error {
            StoreError::Taken { .. } => told(StatusCode::CONFLICT, "name_taken"),
            StoreError::TooManyKeys { .. } => told(StatusCode::CONFLICT, "too_many_keys"),
            StoreError::TooManyDrafts => told(StatusCode::CONFLICT, "too_many_drafts"),
            StoreError::LastAdmin => told(StatusCode::CONFLICT, "last_admin"),
            StoreError::Conflict => told(StatusCode::CONFLICT, "conflict"),
            StoreError::NameRefused { .. } => {
                told(StatusCode::UNPROCESSABLE_ENTITY, "invalid_value").more("field", "name")
            }
            StoreError::Missing { what, .. } => Self::not_found(what),
            StoreError::Locked { .. } => Self::busy(),
            // Once an operator has made room, the same request goes through.
            StoreError::DiskFull { .. } | StoreError::ReadOnly { .. } => {
                Self::internal(error).retry(Retry::Later)
            }
            _ => Self::internal(error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::body::Body::from(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM_JSON);
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        // For whoever wraps the reply: the id belongs into the document as well.
        response.extensions_mut().insert(self);
        response
    }
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{}{}{end}", first.unwrap_or_default(), letters.as_str())
}
