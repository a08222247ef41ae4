//! The connector out of the root.

use indexmap::IndexMap;
use serde_json::Value;
use url::Url;

use super::endpoint::location;
use super::graphql::Graphql;
use super::{At, Builder, FlowName, Parameters, Role, Site, Steps};
use crate::code::Code;
use crate::connector::{
    ClientCertificate, ConnectionSettings, Connector, ConnectorKind, Cookies, DoubleSubmit,
    Environment, KeepIn, Owner, SendAs,
};
use crate::origin::Origin;
use crate::sign_in::SignIn;

/// The connector of a definition, with stand-ins for what was reported.
pub(crate) fn connector(
    builder: &mut Builder<'_, '_>,
    root: &At<'_>,
    environment: Option<&str>,
) -> Connector {
    let name = root.text_of("connector").unwrap_or_default();
    builder.has_certificate = root.get("client_certificate").is_some();
    let base_url = builder.url(root, "base_url");
    let mut origins: Vec<Origin> = base_url.iter().filter_map(Origin::of).collect();
    for at in root.get("origins").iter().flat_map(At::items) {
        let origin = builder.parse_url(&at).and_then(|url| Origin::of(&url));
        origins.extend(origin.filter(|origin| !origins.contains(origin)));
    }
    let kind = match root.text_of("kind").as_deref() {
        Some("graphql") => ConnectorKind::Graphql,
        _ => ConnectorKind::Rest,
    };
    builder.graphql = Graphql::of(kind, base_url.as_ref(), root);
    Connector {
        kind,
        title: builder
            .fixed_text(root, "title")
            .unwrap_or_else(|| name.clone()),
        name,
        base_url: base_url.unwrap_or_else(stand_in),
        origins,
        cookies: builder.cookies(root),
        variables: builder.variables(root),
        secrets: root
            .get("secrets")
            .iter()
            .flat_map(At::items)
            .map(|at| at.text())
            .collect(),
        environment: environment.map(str::to_owned),
        environments: builder.environments(root),
        auth_flow: root
            .get("auth_flow")
            .map(|at| builder.flow(FlowName::Auth, &at))
            .unwrap_or_default(),
        refresh_flow: root.get("refresh_flow").map(|at| builder.refresh_flow(&at)),
        step_up: root.get("step_up").map(|at| builder.step_up(&at)),
        logout_flow: root
            .get("logout_flow")
            .map(|at| builder.flow(FlowName::Logout, &at)),
        session: builder.session(root.get("session").as_ref()),
        connection: builder.connection(root),
        request_parameters: builder.call_site(true, |builder| {
            root.get("request_parameters")
                .iter()
                .flat_map(At::items)
                .map(|at| builder.request_parameter(&at))
                .collect()
        }),
        sign_in: builder.call_site(true, |builder| {
            root.get("sign_in")
                .map_or(SignIn::None, |at| builder.sign_in(&at))
        }),
        client_certificate: root.get("client_certificate").map(|at| ClientCertificate {
            certificate: builder.needed(&at, "certificate", Role::Other),
            key: builder.needed(&at, "key", Role::Other),
        }),
        test_api: root
            .get("test_api")
            .map(|at| builder.endpoint(&at, Parameters::TestApi, "Test API")),
        endpoints: root
            .get("endpoints")
            .iter()
            .flat_map(At::items)
            .enumerate()
            .map(|(index, at)| builder.endpoint(&at, Parameters::Endpoint(index), ""))
            .collect(),
    }
}

impl Builder<'_, '_> {
    /// Builds what goes with every call.
    fn call_site<T>(&mut self, request: bool, build: impl FnOnce(&mut Self) -> T) -> T {
        self.site = Site {
            steps: Steps::AuthFlow,
            request,
            parameters: if request {
                Parameters::Any
            } else {
                Parameters::None
            },
            ..Site::default()
        };
        let built = build(self);
        self.site = Site::default();
        built
    }

    fn connection(&mut self, root: &At<'_>) -> ConnectionSettings {
        let Some(at) = root.get("connection") else {
            return ConnectionSettings::default();
        };
        let (identity, label) = self.call_site(false, |builder| {
            let identity = builder.template_of(&at, "identity", Role::Other);
            (identity, builder.template_of(&at, "label", Role::Shown))
        });
        ConnectionSettings {
            owner: match at.text_of("owner").as_deref() {
                Some("shared") => Owner::Shared,
                _ => Owner::User,
            },
            keep_in: match at.text_of("keep_in").as_deref() {
                Some("browser") => KeepIn::Browser,
                _ => KeepIn::Server,
            },
            identity,
            label,
        }
    }

    fn cookies(&mut self, root: &At<'_>) -> Cookies {
        let Some(at) = root.get("cookies") else {
            return Cookies::default();
        };
        let double_submit = at.get("double_submit").map(|at| {
            let send_as = at.get("send_as").unwrap_or_else(|| at.clone());
            let location = location(&send_as);
            let name = self.fixed_text(&send_as, "name").unwrap_or_default();
            self.check_header(&send_as, location, &name);
            DoubleSubmit {
                cookie: self.fixed_text(&at, "cookie").unwrap_or_default(),
                send_as: SendAs { location, name },
            }
        });
        Cookies {
            forward_all: at.flag("forward_all", false),
            double_submit,
        }
    }

    fn variables(&mut self, at: &At<'_>) -> IndexMap<String, Value> {
        at.get("variables")
            .iter()
            .flat_map(At::entries)
            .map(|(name, at)| (name.to_owned(), self.fixed(&at)))
            .collect()
    }

    fn environments(&mut self, root: &At<'_>) -> IndexMap<String, Environment> {
        root.get("environments")
            .iter()
            .flat_map(At::entries)
            .map(|(name, at)| {
                let environment = Environment {
                    base_url: self.url(&at, "base_url"),
                    variables: self.variables(&at),
                };
                (name.to_owned(), environment)
            })
            .collect()
    }

    fn url(&mut self, at: &At<'_>, key: &str) -> Option<Url> {
        let at = at.get(key)?;
        self.parse_url(&at)
    }

    /// An address of a connector; what the shape refuses is not reported again.
    fn parse_url(&mut self, at: &At<'_>) -> Option<Url> {
        let raw = at.node.raw()?;
        let error = match Url::parse(raw) {
            Ok(url) => {
                let fits = matches!(url.scheme(), "http" | "https")
                    && url.username().is_empty()
                    && url.password().is_none();
                if fits {
                    self.warn_if_open(at, &url);
                }
                return fits.then_some(url);
            }
            Err(error) => error,
        };
        if crate::shape::url::looks_like_url(raw, crate::shape::Path::Allowed) {
            self.report.add(
                Code::BadAddress,
                at.node.span.clone(),
                &at.path,
                format!("`{raw}` cannot be read as an address: {error}."),
                Code::BadAddress.help(),
            );
        }
        None
    }

    fn warn_if_open(&mut self, at: &At<'_>, url: &Url) {
        if url.scheme() == "http" && !crate::origin::is_loopback(url) {
            self.report.add(
                Code::NotEncrypted,
                at.node.span.clone(),
                &at.path,
                format!("Credentials would go to `{url}` without encryption."),
                Code::NotEncrypted.help(),
            );
        }
    }
}

/// Stands for a base URL that was reported.
fn stand_in() -> Url {
    #[allow(clippy::expect_used)]
    Url::parse("https://unknown.invalid").expect("a fixed address")
}
