//! From the tree to the types, with every default filled in.
//!
//! What has the wrong shape was reported before and gets a harmless stand-in here, so that one
//! reading goes on to name every other problem too.
//!
//! # Layout
//! - `at`: a node together with its path
//! - `site`: what a template can read where it stands, and the list of all templates
//! - `value`: templates, values and words
//! - `condition`, `request`, `sign_in`, `endpoint`, `form`, `oauth1`, `graphql`, `oauth2`, `step`, `flow`, `connector`: one type each

mod at;
mod condition;
mod connector;
mod endpoint;
mod flow;
mod form;
mod graphql;
mod oauth1;
mod oauth2;
mod request;
mod sign_in;
mod site;
mod step;
mod value;

use crate::report::Report;

pub(crate) use at::At;
pub(crate) use connector::connector;
use graphql::Graphql;
pub(crate) use graphql::added;
pub(crate) use site::{FlowName, Mention, Parameters, Role, Signing, Site, Steps};
pub(crate) use value::locate;

/// Builds types out of nodes and lists every template it meets.
pub(crate) struct Builder<'r, 't> {
    report: &'r mut Report<'t>,
    mentions: Vec<Mention>,
    site: Site,
    /// Whether the whole connector has a client certificate.
    has_certificate: bool,
    graphql: Graphql,
}

impl<'r, 't> Builder<'r, 't> {
    /// A builder that reports to the given place.
    pub(crate) fn new(report: &'r mut Report<'t>) -> Self {
        Self {
            report,
            mentions: Vec::new(),
            site: Site::default(),
            has_certificate: false,
            graphql: Graphql::default(),
        }
    }

    /// Every template met so far.
    pub(crate) fn into_mentions(self) -> Vec<Mention> {
        self.mentions
    }
}
