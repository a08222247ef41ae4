//! Flows and the session out of nodes.

use std::ops::Range;

use serde_json::json;
use template::{Path, Template};

use super::{At, Builder, FlowName, Parameters, Role, Site, Steps};
use crate::code::Code;
use crate::condition::{Condition, Test};
use crate::flow::{Flow, Otherwise, RefreshFlow, UpdateVariable};
use crate::session::{DEFAULT_MARGIN, Life, Session};
use crate::step_up::StepUp;
use crate::value_template::ValueTemplate;

impl Builder<'_, '_> {
    /// The auth or logout flow.
    pub(super) fn flow(&mut self, name: FlowName, at: &At<'_>) -> Flow {
        Flow {
            steps: self.steps(name, at.get("steps")),
        }
    }

    /// The refresh flow.
    pub(super) fn refresh_flow(&mut self, at: &At<'_>) -> RefreshFlow {
        let steps = self.steps(FlowName::Refresh, at.get("steps"));
        self.site = Site {
            steps: Steps::RefreshFlow,
            ..Site::default()
        };
        let update_variables = at
            .get("update_variables")
            .iter()
            .flat_map(At::keyed)
            .filter_map(|(target, span, source)| {
                let source_template = self.template(&source, Role::Other);
                let target = self.target(target, span, &source.path)?;
                Some(UpdateVariable {
                    target,
                    source: source_template,
                })
            })
            .collect();
        self.site = Site::default();
        RefreshFlow {
            same_as_auth_flow: at.flag("same_as_auth_flow", false),
            use_stored_credentials: at.flag("use_stored_credentials", false),
            steps,
            update_variables,
            otherwise: match at.text_of("otherwise").as_deref() {
                Some("auth_flow") => Otherwise::AuthFlow,
                _ => Otherwise::Ask,
            },
        }
    }

    /// What happens where one call wants more proof.
    pub(super) fn step_up(&mut self, at: &At<'_>) -> StepUp {
        let judged = Site {
            steps: Steps::AuthFlow,
            response: true,
            request: true,
            challenge: true,
            ..Site::default()
        };
        self.site = judged.clone();
        let when = self.condition_of(at, "when");
        let steps = self.steps(FlowName::StepUp, at.get("steps"));
        self.site = Site {
            steps: Steps::StepUp,
            parameters: Parameters::Any,
            ..judged
        };
        let request_parameters = at.get("request_parameters");
        let request_parameters = request_parameters
            .iter()
            .flat_map(At::items)
            .map(|at| self.request_parameter(&at))
            .collect();
        self.site = Site::default();
        StepUp {
            when,
            steps,
            request_parameters,
        }
    }

    /// The target of an update variable; it may be written with braces too.
    fn target(&mut self, written: &str, span: Range<usize>, path: &str) -> Option<Path> {
        let plain = written
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"))
            .map_or(written, str::trim);
        match Path::parse(plain) {
            Ok(path) => Some(path),
            Err(error) => {
                let message = format!("`{written}` names no output: {}.", error.message);
                let help = Code::BadTarget.help();
                self.report.add(Code::BadTarget, span, path, message, help);
                None
            }
        }
    }

    /// The session; with every default where there is none.
    pub(super) fn session(&mut self, at: Option<&At<'_>>) -> Session {
        self.site = Site {
            steps: Steps::AuthFlow,
            response: true,
            request: true,
            ..Site::default()
        };
        let over_when = at
            .and_then(|at| self.condition_of(at, "over_when"))
            .unwrap_or_else(status_is_401);
        self.site = Site {
            steps: Steps::AuthFlow,
            ..Site::default()
        };
        let life = at.and_then(|at| self.life(at));
        self.site = Site::default();
        Session {
            over_when,
            life,
            margin: at.map_or(DEFAULT_MARGIN, |at| {
                self.duration(at, "margin", DEFAULT_MARGIN)
            }),
        }
    }

    fn life(&mut self, at: &At<'_>) -> Option<Life> {
        let expires_in = self.template_of(at, "expires_in", Role::Other);
        let expires_at = self.template_of(at, "expires_at", Role::Other);
        let jwt = self.template_of(at, "jwt", Role::Other);
        if let (Some(written), Some(at)) = (&expires_in, at.get("expires_in"))
            && written.is_literal()
            && !written.source().is_empty()
            && crate::duration::parse_duration(written.source()).is_none()
        {
            self.report.add(
                Code::BadLife,
                at.node.span.clone(),
                &at.path,
                format!(
                    "`{}` is no duration of at most ten years.",
                    written.source()
                ),
                Code::BadLife.help(),
            );
        }
        expires_in
            .map(Life::ExpiresIn)
            .or(expires_at.map(Life::ExpiresAt))
            .or(jwt.map(Life::Jwt))
    }
}

/// What counts where `over_when` is left out.
fn status_is_401() -> Condition {
    let status = Template::parse("{{response.status}}").unwrap_or_else(|_| Template::literal(""));
    Condition::Test {
        value: ValueTemplate::Template(status),
        test: Test::Equals(ValueTemplate::Scalar(json!(401))),
        otherwise: None,
    }
}
