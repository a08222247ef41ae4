//! What a definition means: the rules that no shape can express, one file each.
//!
//! # Layout
//! - `outputs`: what each step leaves behind
//! - `name`: ids, keys and names that are taken or mean something else
//! - `reference`: every template reads something that is there, or that only a run can tell
//! - `step`: who may stand in which flow, and what a step points to
//! - `update`: the targets of update variables
//! - `address`: URLs before their templates are resolved
//! - `bound`: tokens that are bound to a key go with a proof
//! - `sent`: whether calls send what a sign-in gives, and whether a refresh changes it
//! - `unused`: declared and never read
//! - `graphql`: operations, and what is given to them
//! - `secret`: passwords in URLs, secrets before people, and fields that are never stored
//! - `header`: header values that cannot be sent

mod address;
mod bound;
mod graphql;
mod header;
mod name;
pub(crate) mod outputs;
mod reference;
mod secret;
mod sent;
mod step;
mod unused;
mod update;

use std::ops::Range;

use template::Expression;

use crate::build::{At, FlowName, Mention, locate};
use crate::connector::Connector;
use crate::report::Report;
use crate::step::Step;

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
pub(crate) fn check(subject: &Subject<'_>, report: &mut Report<'_>) {
    name::check(subject, report);
    step::check(subject, report);
    reference::check(subject, report);
    update::check(subject, report);
    address::check(subject, report);
    graphql::check(subject, report);
    header::check(subject, report);
    secret::check(subject, report);
    if !report.has_error() {
        sent::check(subject, report);
        bound::check(subject, report);
        unused::check(subject, report);
    }
}

impl<'a> Subject<'a> {
    /// The steps of a flow.
    fn steps(&self, flow: FlowName) -> &'a [Step] {
        match flow {
            FlowName::Auth => &self.connector.auth_flow.steps,
            FlowName::Refresh => self
                .connector
                .refresh_flow
                .as_ref()
                .map_or(&[], |flow| flow.steps.as_slice()),
            FlowName::StepUp => self
                .connector
                .step_up
                .as_ref()
                .map_or(&[], |step_up| step_up.steps.as_slice()),
            FlowName::Logout => self
                .connector
                .logout_flow
                .as_ref()
                .map_or(&[], |flow| flow.steps.as_slice()),
        }
    }

    /// The steps of a flow, each with its node.
    fn steps_at(&self, flow: FlowName) -> Vec<(&'a Step, At<'a>)> {
        let nodes = self.root.find(&[flow.key(), "steps"]);
        let nodes = nodes.iter().flat_map(At::items);
        self.steps(flow).iter().zip(nodes).collect()
    }
}

/// The place of an expression of a template.
fn place(report: &Report<'_>, mention: &Mention, expression: &Expression) -> Range<usize> {
    let source = mention.template.source();
    locate(
        report.text(),
        &mention.span,
        source,
        expression.span.clone(),
    )
}
