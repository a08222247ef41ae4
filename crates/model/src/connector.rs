//! A connector: everything a definition declares, with every default filled in.

use indexmap::IndexMap;
use serde_json::Value;
use template::Template;
use url::Url;

use crate::condition::Condition;
use crate::endpoint::Endpoint;
use crate::flow::{Flow, RefreshFlow, Renewal};
use crate::origin::Origin;
use crate::session::Session;
use crate::sign_in::SignIn;
use crate::step::{Step, StepKind};
use crate::step_up::StepUp;
use crate::value_template::ValueTemplate;

/// A declared third-party API: base URL, sign-in, endpoints.
#[derive(Clone, Debug)]
pub struct Connector {
    /// Its name in paths, files and stores: `[a-z][a-z0-9-]*`.
    pub name: String,
    /// What people read; the name where the definition says nothing.
    pub title: String,
    /// Whether it has many addresses or speaks GraphQL at one.
    pub kind: ConnectorKind,
    /// Where it lives, with the chosen environment applied.
    pub base_url: Url,
    /// Where the credential may go: the origin of `base_url` first, then those listed.
    pub origins: Vec<Origin>,
    /// Whose connections are and where they are kept.
    pub connection: ConnectionSettings,
    /// What the connection's jar does besides flows.
    pub cookies: Cookies,
    /// Static values, with the chosen environment applied.
    pub variables: IndexMap<String, Value>,
    /// The names of the secrets.
    pub secrets: Vec<String>,
    /// The environment that was chosen for this reading.
    pub environment: Option<String>,
    /// The environments that could be chosen.
    pub environments: IndexMap<String, Environment>,
    /// How a person or a machine signs in.
    pub auth_flow: Flow,
    /// When the session is over.
    pub session: Session,
    /// How it is renewed, as written; [`Connector::renewal`] has the defaults applied.
    pub refresh_flow: Option<RefreshFlow>,
    /// What happens where one call wants more proof.
    pub step_up: Option<StepUp>,
    /// How it is ended.
    pub logout_flow: Option<Flow>,
    /// What every call gets.
    pub request_parameters: Vec<RequestParameter>,
    /// How every call is signed.
    pub sign_in: SignIn,
    /// What is shown to the connector's origins while flows and calls connect to them.
    pub client_certificate: Option<ClientCertificate>,
    /// The call that proves that a credential works.
    pub test_api: Option<Endpoint>,
    /// The calls that have a name.
    pub endpoints: Vec<Endpoint>,
}

/// A certificate that a client proves itself by, and its key, both as PEM.
#[derive(Clone, Debug)]
pub struct ClientCertificate {
    /// The certificate, and those above it after it.
    pub certificate: Template,
    /// Its private key.
    pub key: Template,
}

/// Whether an API has many addresses or speaks GraphQL at one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectorKind {
    /// Many addresses below the base URL.
    #[default]
    Rest,
    /// The base URL is the one address: endpoints are operations, and what goes into a body goes into its variables.
    Graphql,
}

/// What another place of the same API changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Environment {
    /// Its own base URL.
    pub base_url: Option<Url>,
    /// Values that replace variables of the connector.
    pub variables: IndexMap<String, Value>,
}

/// Whose connections are and where they are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionSettings {
    /// Whose a connection is.
    pub owner: Owner,
    /// Where the credential is kept.
    pub keep_in: KeepIn,
    /// Which account it is; compared at each new sign-in.
    pub identity: Option<Template>,
    /// What people read.
    pub label: Option<Template>,
}

/// Whose a connection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// Each user signs in.
    #[default]
    User,
    /// One for all, signed in by a builder.
    Shared,
}

/// Where a credential is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepIn {
    /// In the server's store.
    #[default]
    Server,
    /// In the browser, as a blob that only the server opens.
    Browser,
}

/// What the connection's jar does besides flows, which always use it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cookies {
    /// The jar goes with every call.
    pub forward_all: bool,
    /// A cookie whose newest value goes onto every request to the connector's origins.
    pub double_submit: Option<DoubleSubmit>,
}

/// A cookie that is sent a second time, where a script of the page would put it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubleSubmit {
    /// The cookie's name.
    pub cookie: String,
    /// Where the copy goes.
    pub send_as: SendAs,
}

/// A named place in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendAs {
    /// Which part of the request.
    pub location: Location,
    /// The header, query or body key.
    pub name: String,
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A header.
    Header,
    /// The query.
    Query,
    /// A key of a JSON or form body, a part of a multipart one.
    Body,
}

/// A value added to every endpoint call and the test API.
#[derive(Clone, Debug)]
pub struct RequestParameter {
    /// Which part of the request.
    pub location: Location,
    /// The header, query or body key.
    pub name: String,
    /// The value.
    pub value: ValueTemplate,
    /// Added only where this holds.
    pub when: Option<Condition>,
}

impl Connector {
    /// How a credential of this connector is renewed, with the defaults applied.
    #[must_use]
    pub fn renewal(&self) -> Renewal<'_> {
        match &self.refresh_flow {
            Some(refresh) if refresh.same_as_auth_flow => Renewal::SameAsAuthFlow(refresh),
            Some(refresh) => Renewal::Steps(refresh),
            None if self
                .auth_flow
                .steps
                .iter()
                .any(|step| step.kind.needs_person()) =>
            {
                Renewal::Ask
            }
            None => Renewal::AuthFlowAgain,
        }
    }

    /// Whether the auth flow may come to its end with nobody there: each of its steps that would need a person runs only
    /// on a condition. Whether one does, its run tells.
    #[must_use]
    pub fn may_sign_in_unattended(&self) -> bool {
        let mut steps = self.auth_flow.steps.iter();
        steps.all(|step| !step.kind.needs_person() || step.when.is_some())
    }

    /// The steps of the auth flow whose tokens are bound to a key (RFC 9449).
    pub fn binding_steps(&self) -> impl Iterator<Item = &str> {
        let binds = |step: &&Step| step.kind.oauth2().is_some_and(|settings| settings.dpop);
        self.auth_flow
            .steps
            .iter()
            .filter(binds)
            .map(|step| step.id.as_str())
    }

    /// Whether each call is signed by itself, or goes by connections that are one connector's alone, so that nothing can
    /// be made ready for the next one.
    #[must_use]
    pub fn signs_each_call(&self) -> bool {
        self.sign_in.signs_each_request()
            || self.client_certificate.is_some()
            || self.binding_steps().next().is_some()
    }

    /// Whether calls show a token that a step of ours has signed, which is good for a time by this machine's clock.
    #[must_use]
    pub fn calls_show_a_signed_token(&self) -> bool {
        let signs = |step: &&Step| matches!(&step.kind, StepKind::JwtBearer(step) if step.token_url.is_none());
        let shown = || {
            let parameters = &self.request_parameters;
            let parameters = parameters.iter().flat_map(RequestParameter::templates);
            let shown = parameters.chain(self.sign_in.templates());
            shown.flat_map(Template::expressions)
        };
        let mut signed = self.auth_flow.steps.iter().filter(signs);
        signed.any(|step| shown().any(|expression| expression.path.root == step.id))
    }

    /// Whether calls show a user name and a password just as they were given, and nothing here can bring others. What an
    /// API refuses then is the password, and showing it again and again has the account locked.
    #[must_use]
    pub fn calls_show_a_password(&self) -> bool {
        let steps = &self.auth_flow.steps;
        let shown = match &self.sign_in {
            SignIn::Basic { .. } | SignIn::Ntlm(_) | SignIn::Digest { .. } => true,
            SignIn::None => steps
                .iter()
                .any(|step| matches!(step.kind, StepKind::Basic(_))),
            SignIn::Bearer { .. }
            | SignIn::AwsSigV4(_)
            | SignIn::Hawk(_)
            | SignIn::Hmac(_)
            | SignIn::OAuth1(_) => false,
        };
        shown
            && !steps.iter().any(|step| step.kind.asks_an_api())
            && !matches!(self.renewal(), Renewal::Steps(_))
    }

    /// Whether a flow asks who the user is, which is for the user's single sign-on to say.
    #[must_use]
    pub fn asks_who_the_user_is(&self) -> bool {
        let refresh = self.refresh_flow.iter().flat_map(|flow| &flow.steps);
        let step_up = self.step_up.iter().flat_map(|step_up| &step_up.steps);
        let mut steps = self.auth_flow.steps.iter().chain(refresh).chain(step_up);
        steps.any(|step| matches!(step.kind, StepKind::SsoToken(_)))
    }

    /// The endpoint of that name.
    #[must_use]
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name)
    }

    /// The origins as one text in a fixed order: a connection is valid for exactly this set, so
    /// that a changed base URL means a new sign-in.
    #[must_use]
    pub fn origin_set_key(&self) -> String {
        let mut origins: Vec<String> = self.origins.iter().map(Origin::to_string).collect();
        origins.sort();
        origins.dedup();
        origins.join(" ")
    }
}
