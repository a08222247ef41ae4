//! GraphQL operations out of nodes.

use indexmap::IndexMap;
use template::Template;

use super::{At, Builder, Role};
use crate::code::Code;
use crate::graphql::{GraphqlErrors, GraphqlOperation, GraphqlRequestStep};
use crate::request::{Body, DEFAULT_TIMEOUT, Request};

impl Builder<'_, '_> {
    /// The step that sends an operation.
    pub(super) fn graphql_request(&mut self, at: &At<'_>) -> GraphqlRequestStep {
        GraphqlRequestStep {
            request: Request {
                method: "POST".to_owned(),
                url: self.needed(at, "url", Role::Url),
                query: IndexMap::new(),
                headers: self.headers(at),
                body: Body::Graphql(Box::new(self.graphql(at))),
                timeout: DEFAULT_TIMEOUT,
                sign_in: None,
            },
            errors: match at.text_of("errors").as_deref() {
                Some("keep") => GraphqlErrors::Keep,
                _ => GraphqlErrors::Fail,
            },
        }
    }

    /// An operation.
    pub(super) fn graphql(&mut self, at: &At<'_>) -> GraphqlOperation {
        GraphqlOperation {
            query: self.graphql_query(at),
            variables: self.values(at.get("variables"), Role::Other),
            operation_name: self.template_of(at, "operation_name", Role::Other),
        }
    }

    /// A value inside the text could change what it asks for, as in SQL.
    fn graphql_query(&mut self, at: &At<'_>) -> Template {
        let query = self.needed(at, "query", Role::Other);
        if let (false, None, Some(at)) = (query.is_literal(), query.single(), at.get("query")) {
            self.report.add(
                Code::TemplateNotHere,
                at.node.span.clone(),
                &at.path,
                "A template inside a GraphQL text could change what it asks for.",
                "Put the value into `variables`, and name it in the text: `login(user: $user)`.",
            );
        }
        query
    }
}
