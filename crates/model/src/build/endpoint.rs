//! Endpoints, the test API and request parameters out of nodes.

use super::{At, Builder, Parameters, Role, Site, Steps};
use crate::code::Code;
use crate::connector::{Location, RequestParameter};
use crate::endpoint::{Endpoint, Parameter, ParameterKind, Resend};
use crate::request::Redirects;

impl Builder<'_, '_> {
    /// An endpoint, or the test API where the name may be any text.
    pub(super) fn endpoint(
        &mut self,
        at: &At<'_>,
        parameters: Parameters,
        unnamed: &str,
    ) -> Endpoint {
        let site = Site {
            steps: Steps::AuthFlow,
            parameters,
            ..Site::default()
        };
        self.site = site.clone();
        let request = self.request_of(at, "request");
        self.site = Site {
            response: true,
            request: true,
            ..site.clone()
        };
        let expect = self.condition_of(at, "expect");
        self.site = site;
        let mut endpoint = Endpoint {
            name: at.text_of("name").unwrap_or_else(|| unnamed.to_owned()),
            request,
            parameters: at
                .get("parameters")
                .iter()
                .flat_map(At::entries)
                .map(|(name, at)| (name.to_owned(), self.parameter(name, &at)))
                .collect(),
            expect,
            attach: at.flag("attach", true),
            resend: match at.text_of("resend").as_deref() {
                Some("never") => Resend::Never,
                _ => Resend::Allowed,
            },
            redirects: self.redirects(at, Redirects::Stop),
        };
        self.complete(&mut endpoint, at);
        self.site = Site::default();
        endpoint
    }

    fn parameter(&mut self, name: &str, at: &At<'_>) -> Parameter {
        let kind = match at.text_of("type").as_deref() {
            Some("integer") => ParameterKind::Integer,
            Some("number") => ParameterKind::Number,
            Some("boolean") => ParameterKind::Boolean,
            Some("object") => ParameterKind::Object,
            Some("array") => ParameterKind::Array,
            _ => ParameterKind::String,
        };
        let default = at.get("default").map(|at| self.fixed(&at));
        if let (Some(value), Some(at)) = (&default, at.get("default"))
            && !kind.accepts(value)
        {
            self.report.add(
                Code::BadDefault,
                at.node.span.clone(),
                &at.path,
                format!("The default of `{name}` is no {}.", kind.name()),
                format!("Write a value of type {}, or another `type`.", kind.name()),
            );
        }
        Parameter {
            kind,
            required: at.flag("required", default.is_none()),
            default,
        }
    }

    /// A request parameter.
    pub(super) fn request_parameter(&mut self, at: &At<'_>) -> RequestParameter {
        let location = location(at);
        let name = self.fixed_text(at, "name").unwrap_or_default();
        self.check_header(at, location, &name);
        let role = match location {
            Location::Query => Role::Query,
            Location::Header => Role::Header,
            Location::Body => Role::Other,
        };
        RequestParameter {
            location,
            name,
            value: at.get("value").map_or(
                crate::value_template::ValueTemplate::Scalar(serde_json::Value::Null),
                |value| self.value(&value, role),
            ),
            when: self.condition_of(at, "when"),
        }
    }

    /// A name that goes into a header must be one.
    pub(super) fn check_header(&mut self, at: &At<'_>, location: Location, name: &str) {
        if location != Location::Header || name.is_empty() || crate::shape::name::is_token(name) {
            return;
        }
        if let Some(at) = at.get("name") {
            self.report.add(
                Code::BadLocation,
                at.node.span.clone(),
                &at.path,
                format!("`{name}` cannot be a header name."),
                Code::BadLocation.help(),
            );
        }
    }
}

/// What `in` says.
pub(super) fn location(at: &At<'_>) -> Location {
    match at.text_of("in").as_deref() {
        Some("query") => Location::Query,
        Some("body") => Location::Body,
        _ => Location::Header,
    }
}
