//! What a definition means: the rules that no shape can express, one file each.
//!
//! # Layout
//! - `name`: ids, keys and names that are taken or mean something else
//! - `reference`: every template reads something that is there, or that only a run can tell
//! - `step`: who may stand in which flow, and what a step points to
//! - `update`: the targets of update variables
//! - `address`: URLs before their templates are resolved
//! - `sent`: whether calls send what a sign-in gives, and whether a refresh changes it
//! - `unused`: declared and never read
//! - `secret`: passwords in URLs, and fields that are never stored

use crate::build::{At, Mention};
use crate::connector::Connector;
use crate::report::Report;

/// What is checked: the types, the tree for places, and every template.
pub(crate) struct Subject<'a> {
    /// The connector, with stand-ins for what was reported before.
    pub(crate) connector: &'a Connector,
    /// The root of the tree.
    pub(crate) root: &'a At<'a>,
    /// Every template with its place.
    pub(crate) mentions: &'a [Mention],
}

/// Applies every rule.
pub(crate) fn check(_subject: &Subject<'_>, _report: &mut Report<'_>) {}
