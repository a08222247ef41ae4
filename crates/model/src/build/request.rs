//! Requests and extracts out of nodes.

use indexmap::IndexMap;
use scraper::Selector;
use serde_json_path::JsonPath;
use template::Template;

use super::{At, Builder, Role};
use crate::code::Code;
use crate::extract::{Extract, ExtractKind};
use crate::request::{Body, DEFAULT_TIMEOUT, Redirects, Request};

impl Builder<'_, '_> {
    /// The request of a key; a stand-in where it is not there.
    pub(super) fn request_of(&mut self, at: &At<'_>, key: &str) -> Request {
        let empty = at.get(key).unwrap_or_else(|| at.clone());
        self.request(&empty)
    }

    fn request(&mut self, at: &At<'_>) -> Request {
        let url = self.address(at, at.get("graphql").is_some());
        let query = self.values(at.get("query"), Role::Query);
        let headers = self.headers(at);
        let body = self.body(at);
        let method = match (at.text_of("method"), &body) {
            (Some(method), _) => method.to_ascii_uppercase(),
            (None, Body::None) => "GET".to_owned(),
            (None, _) => "POST".to_owned(),
        };
        self.check_method(at, &method);
        Request {
            method,
            url,
            query,
            headers,
            body,
            timeout: self.lasting(at, "timeout", DEFAULT_TIMEOUT),
            sign_in: at.get("sign_in").map(|at| self.sign_in(&at)),
        }
    }

    /// The headers of a request.
    pub(super) fn headers(&mut self, at: &At<'_>) -> IndexMap<String, Template> {
        at.get("headers")
            .iter()
            .flat_map(At::entries)
            .map(|(name, value)| (name.to_owned(), self.template(&value, Role::Header)))
            .collect()
    }

    /// CONNECT would make a tunnel, and TRACE would give back what was sent, secrets and all.
    fn check_method(&mut self, at: &At<'_>, method: &str) {
        if let ("CONNECT" | "TRACE" | "TRACK", Some(at)) = (method, at.get("method")) {
            let message = format!("A `{method}` request cannot be sent.");
            let (code, span) = (Code::BadMethod, at.node.span.clone());
            self.report.add(code, span, &at.path, message, code.help());
        }
    }

    fn body(&mut self, at: &At<'_>) -> Body {
        if let Some(json) = at.get("json") {
            Body::Json(self.value(&json, Role::Other))
        } else if let Some(form) = at.get("form") {
            Body::Form(self.values(Some(form), Role::Other))
        } else if let Some(multipart) = at.get("multipart") {
            Body::Multipart(self.values(Some(multipart), Role::Other))
        } else if let Some(text) = at.get("text") {
            Body::Text(self.template(&text, Role::Other))
        } else if let Some(graphql) = at.get("graphql") {
            Body::Graphql(Box::new(self.graphql(&graphql)))
        } else {
            Body::None
        }
    }

    /// What `redirects` says.
    pub(super) fn redirects(&mut self, at: &At<'_>, otherwise: Redirects) -> Redirects {
        match at.text_of("redirects").as_deref() {
            Some("follow") => Redirects::Follow,
            Some("stop") => Redirects::Stop,
            _ => otherwise,
        }
    }

    /// The extracts of a step.
    pub(super) fn extracts(&mut self, at: &At<'_>) -> IndexMap<String, Extract> {
        at.get("extract")
            .iter()
            .flat_map(At::entries)
            .map(|(name, at)| (name.to_owned(), self.extract(&at)))
            .collect()
    }

    fn extract(&mut self, at: &At<'_>) -> Extract {
        let kind = if let Some(css) = at.get("css") {
            self.css(&css);
            ExtractKind::Css {
                selector: css.text(),
                attribute: at.text_of("attribute"),
            }
        } else if let Some(json) = at.get("json") {
            self.json_path(&json);
            ExtractKind::Json(json.text())
        } else if let Some(pattern) = at.get("regex") {
            match self.regex(&pattern) {
                Some(pattern) => ExtractKind::Regex(pattern),
                None => ExtractKind::Header(String::new()),
            }
        } else if let Some(cookie) = at.text_of("cookie") {
            ExtractKind::Cookie(cookie)
        } else {
            ExtractKind::Header(at.text_of("header").unwrap_or_default())
        };
        Extract {
            kind,
            all: at.flag("all", false),
        }
    }

    fn css(&mut self, at: &At<'_>) {
        let raw = at.text();
        if let Err(error) = Selector::parse(&raw) {
            self.report.add(
                Code::BadCss,
                at.node.span.clone(),
                &at.path,
                format!("`{raw}` cannot be read as a CSS selector: {error}."),
                Code::BadCss.help(),
            );
        }
    }

    fn json_path(&mut self, at: &At<'_>) {
        let raw = at.text();
        if let Err(error) = JsonPath::parse(&raw) {
            self.report.add(
                Code::BadJsonPath,
                at.node.span.clone(),
                &at.path,
                format!("`{raw}` cannot be read as a JSONPath: {error}."),
                Code::BadJsonPath.help(),
            );
        }
    }
}
