//! Phase one, resolve: what the call means, checked before anything is looked up or sent.

use crate::below::{at_the_one_address, below};
use crate::call::Target;
use crate::error::CallError;
use crate::parameters::{check, nearest};
use crate::travel::{asks_for_trailers, to_the_api};
use http::header::{HeaderValue, TE};
use http::{HeaderMap, Method};
use model::{Connector, ConnectorKind, Endpoint, Origin, Resend};
use serde_json::{Map, Value};
use url::Url;

/// A call that can be built as often as it is sent.
pub(crate) enum Plan<'a> {
    Endpoint {
        endpoint: &'a Endpoint,
        parameters: Map<String, Value>,
    },
    Path {
        method: Method,
        url: Url,
        headers: HeaderMap,
    },
}

impl Plan<'_> {
    /// Whether the credential goes along.
    pub(crate) fn attaches(&self) -> bool {
        match self {
            Self::Endpoint { endpoint, .. } => endpoint.attach,
            Self::Path { .. } => true,
        }
    }

    /// Whether who answers from `at` is shown what the connector signs in with, rather than what the endpoint has of its own.
    pub(crate) fn shows_sign_in(&self, connector: &Connector, at: &Url) -> bool {
        let own = self.endpoint().map(|endpoint| &endpoint.request.sign_in);
        self.attaches()
            && own.is_none_or(Option::is_none)
            && Origin::of(at).is_some_and(|origin| connector.origins.contains(&origin))
    }

    /// Whether the definition allows a second sending.
    pub(crate) fn may_be_sent_again(&self) -> bool {
        match self {
            Self::Endpoint { endpoint, .. } => endpoint.resend == Resend::Allowed,
            Self::Path { .. } => true,
        }
    }

    pub(crate) fn endpoint(&self) -> Option<&Endpoint> {
        match self {
            Self::Endpoint { endpoint, .. } => Some(endpoint),
            Self::Path { .. } => None,
        }
    }

    pub(crate) fn parameters(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Endpoint { parameters, .. } => Some(parameters),
            Self::Path { .. } => None,
        }
    }
}

pub(crate) fn resolve(connector: &Connector, target: Target) -> Result<Plan<'_>, CallError> {
    match target {
        Target::Endpoint { name, parameters } => {
            let endpoint = connector
                .endpoint(&name)
                .ok_or_else(|| CallError::UnknownEndpoint {
                    help: nearest(
                        &name,
                        connector
                            .endpoints
                            .iter()
                            .map(|endpoint| endpoint.name.as_str()),
                    ),
                    name,
                })?;
            Ok(Plan::Endpoint {
                endpoint,
                parameters: check(endpoint, parameters)?,
            })
        }
        Target::TestApi => {
            let endpoint =
                connector
                    .test_api
                    .as_ref()
                    .ok_or_else(|| CallError::UnknownEndpoint {
                        name: "test_api".to_owned(),
                        help: "Declare `test_api` in the definition.".to_owned(),
                    })?;
            Ok(Plan::Endpoint {
                endpoint,
                parameters: check(endpoint, Vec::new())?,
            })
        }
        Target::Path {
            method,
            path,
            query,
            headers,
        } => {
            check_method(&method)?;
            let path = match connector.kind {
                ConnectorKind::Rest => path.as_str(),
                ConnectorKind::Graphql => at_the_one_address(&path)?,
            };
            let mut url = below(&connector.base_url, path)
                .map_err(|refusal| CallError::BadPath(refusal.message()))?;
            if !query.is_empty() {
                url.query_pairs_mut().extend_pairs(query);
            }
            let takes_trailers = asks_for_trailers(&headers);
            let mut headers = to_the_api(&headers);
            if takes_trailers {
                headers.insert(TE, HeaderValue::from_static("trailers"));
            }
            Ok(Plan::Path {
                method,
                url,
                headers,
            })
        }
    }
}

/// TRACE would send the credential back to whoever called (RFC 9110 section 9.3.8), and CONNECT is not for resources.
pub(crate) fn check_method(method: &Method) -> Result<(), CallError> {
    match *method {
        Method::CONNECT | Method::TRACE => Err(CallError::BadMethod(method.clone())),
        _ => Ok(()),
    }
}
