//! A connector made ready for calls: what is the same for every call and every credential is worked out here, once.

use crate::origin_form::Base;
use crate::over::Over;
use connection::Equipped;
use http::HeaderValue;
use model::{Connector, ConnectorKind, Location};
use std::fmt;
use template::Template;

/// A connector, compiled for calls. Made once for each version of a definition, and shared by all threads.
pub struct Route {
    equipped: Equipped,
    pub(crate) base: Base,
    /// The `Host` field.
    pub(crate) host: Option<HeaderValue>,
    /// When the session is over.
    pub(crate) over: Over,
    /// Whether what is attached is the same for all calls of a credential, as long as its cookies stay.
    pub(crate) is_steady: bool,
    /// Whether cookies play a part in what is attached.
    pub(crate) reads_cookies: bool,
    /// Whether bodies get a key.
    pub(crate) adds_to_bodies: bool,
    /// The names under which something secret may stand in a URL.
    pub(crate) query_names: Vec<String>,
}

impl Route {
    /// Compiles a connector.
    #[must_use]
    pub fn new(equipped: Equipped) -> Self {
        let connector = &*equipped.connector;
        let cookies = &connector.cookies;
        let parameters = &connector.request_parameters;
        let submitted = cookies
            .double_submit
            .as_ref()
            .filter(|_| cookies.forward_all)
            .map(|submit| (submit.send_as.location, &submit.send_as.name));
        let places = || {
            parameters
                .iter()
                .map(|parameter| (parameter.location, &parameter.name))
                .chain(submitted)
        };
        let templates: Vec<&Template> = parameters
            .iter()
            .flat_map(|parameter| parameter.templates())
            .chain(connector.sign_in.templates())
            .collect();
        let names = |root: &str| {
            templates
                .iter()
                .flat_map(|template| template.expressions())
                .any(|expression| expression.path.root == root)
        };
        Self {
            base: Base::new(&connector.base_url).alone(connector.kind == ConnectorKind::Graphql),
            host: host(connector),
            over: Over::when(&connector.session.over_when),
            is_steady: !["request", "now", "uuid", "random"].into_iter().any(names),
            reads_cookies: cookies.forward_all || names("cookies"),
            adds_to_bodies: places().any(|(location, _)| location == Location::Body),
            query_names: places()
                .filter(|(location, _)| *location == Location::Query)
                .map(|(_, name)| name.clone())
                .collect(),
            equipped,
        }
    }

    /// The connector with its secrets.
    #[must_use]
    pub fn equipped(&self) -> &Equipped {
        &self.equipped
    }

    /// The connector.
    #[must_use]
    pub fn connector(&self) -> &Connector {
        &self.equipped.connector
    }
}

/// `host`, or `host:port` where the port is not the scheme's own.
fn host(connector: &Connector) -> Option<HeaderValue> {
    let url = &connector.base_url;
    let host = url.host_str()?;
    match url.port() {
        Some(port) => HeaderValue::from_str(&format!("{host}:{port}")).ok(),
        None => HeaderValue::from_str(host).ok(),
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Route")
            .field("connector", &self.connector().name)
            .finish_non_exhaustive()
    }
}
