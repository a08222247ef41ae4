//! What a template can read where it stands, noted while the tree is built.

use std::ops::Range;

use template::Template;

/// A template with its place and what it can read there.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    /// The template.
    pub(crate) template: Template,
    /// The place of the value that it is.
    pub(crate) span: Range<usize>,
    /// The path of that value.
    pub(crate) path: String,
    /// What it can read.
    pub(crate) site: Site,
    /// What becomes of it.
    pub(crate) role: Role,
}

/// What becomes of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The address of a request or of a page.
    Url,
    /// A value of a query.
    Query,
    /// A header value.
    Header,
    /// A text that people read.
    Shown,
    /// Anything else.
    Other,
}

/// What a template can read in a place, beside what can be read everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Site {
    /// Which steps have run.
    pub(crate) steps: Steps,
    /// `state`, which belongs to a flow run.
    pub(crate) state: bool,
    /// `response`: a reply is being judged.
    pub(crate) response: bool,
    /// `response.challenge`: a reply has asked for more proof.
    pub(crate) challenge: bool,
    /// `request`: a call is being made or judged.
    pub(crate) request: bool,
    /// `parameters`.
    pub(crate) parameters: Parameters,
    /// The request being signed, and what belongs to its signature.
    pub(crate) signing: Signing,
}

/// What of a signature can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Signing {
    /// Nothing: no request is being signed.
    #[default]
    None,
    /// The request, time and nonce; the signature is yet to be made.
    Text,
    /// The signature too.
    Value,
}

/// Which steps have run where a template stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Steps {
    /// None yet.
    #[default]
    None,
    /// Those of a flow before the given one, and the auth flow's before a flow that comes after.
    Before(FlowName, usize),
    /// All of the auth flow.
    AuthFlow,
    /// All of the auth and the refresh flow.
    RefreshFlow,
    /// All of the auth flow and of a step-up.
    StepUp,
}

/// A flow of a connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlowName {
    /// Signs in.
    Auth,
    /// Renews.
    Refresh,
    /// Ends.
    Logout,
    /// Proves more for one call.
    StepUp,
}

impl FlowName {
    /// All of them, in the order of a definition.
    pub(crate) const ALL: [Self; 4] = [Self::Auth, Self::Refresh, Self::StepUp, Self::Logout];

    /// Whether somebody is there to answer.
    pub(crate) fn has_person(self) -> bool {
        match self {
            Self::Auth | Self::StepUp => true,
            Self::Refresh | Self::Logout => false,
        }
    }

    /// The key in a definition.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Auth => "auth_flow",
            Self::Refresh => "refresh_flow",
            Self::Logout => "logout_flow",
            Self::StepUp => "step_up",
        }
    }

    /// The flow in a sentence.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Auth => "auth flow",
            Self::Refresh => "refresh flow",
            Self::Logout => "logout flow",
            Self::StepUp => "step-up",
        }
    }
}

/// Which parameters can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Parameters {
    /// None.
    #[default]
    None,
    /// Those of the endpoint with that position.
    Endpoint(usize),
    /// Those of the test API.
    TestApi,
    /// Those of whichever endpoint is called.
    Any,
}
