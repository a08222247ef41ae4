//! GraphQL operations out of nodes, and what a GraphQL connector leaves out because it goes without saying.

use indexmap::IndexMap;
use serde_json::{Value, json};
use template::Template;
use url::Url;

use super::{At, Builder, Mention, Role};
use crate::code::Code;
use crate::condition::{Condition, Test};
use crate::connector::ConnectorKind;
use crate::endpoint::{Endpoint, Parameter};
use crate::graphql::{GraphqlErrors, GraphqlOperation, GraphqlRequestStep};
use crate::graphql_text::{chosen, operations};
use crate::request::{Body, DEFAULT_TIMEOUT, Request};
use crate::value_template::ValueTemplate;

/// What of a connector its operations hang on; nothing for REST.
#[derive(Default)]
pub(super) struct Graphql {
    /// The one address.
    address: Option<Url>,
    /// The variables that every call gets as request parameters.
    added: Vec<String>,
}

impl Graphql {
    pub(super) fn of(kind: ConnectorKind, base_url: Option<&Url>, root: &At<'_>) -> Self {
        match kind {
            ConnectorKind::Rest => Self::default(),
            ConnectorKind::Graphql => Self {
                address: base_url.cloned(),
                added: added(root),
            },
        }
    }
}

/// The names of the request parameters that go into bodies.
pub(crate) fn added(root: &At<'_>) -> Vec<String> {
    let parameters = root.get("request_parameters");
    let all = parameters.iter().flat_map(At::items);
    all.filter(|at| at.text_of("in").as_deref() == Some("body"))
        .filter_map(|at| at.text_of("name"))
        .collect()
}

impl Builder<'_, '_> {
    /// The address of a request; left out, that of a GraphQL connector, to the letter: a `/` at its end counts.
    pub(super) fn address(&mut self, at: &At<'_>, is_operation: bool) -> Template {
        match (
            &self.graphql.address,
            is_operation && at.get("url").is_none(),
        ) {
            (Some(address), true) => Template::literal(address.as_str()),
            _ => self.needed(at, "url", Role::Url),
        }
    }

    /// What an endpoint of a GraphQL connector leaves out: variables are the parameters of their names, parameters are
    /// what the operation takes, and a reply with errors is no good one.
    pub(super) fn complete(&mut self, endpoint: &mut Endpoint, at: &At<'_>) {
        let Body::Graphql(operation) = &mut endpoint.request.body else {
            return;
        };
        if self.graphql.address.is_none() {
            return;
        }
        if endpoint.expect.is_none() {
            endpoint.expect = Some(no_errors());
        }
        let name = operation.operation_name.as_ref().map(Template::source);
        // What cannot be read is reported by the check.
        let all = operations(operation.query.source()).unwrap_or_default();
        let (true, Some(read)) = (operation.query.is_literal(), chosen(&all, name)) else {
            return;
        };
        let added = |name: &String| endpoint.attach && self.graphql.added.contains(name);
        let open: Vec<_> = read
            .variables
            .iter()
            .filter(|variable| !operation.variables.contains_key(&variable.name))
            .filter(|variable| !added(&variable.name))
            .collect();
        let place = at.find(&["request", "graphql", "query"]);
        for variable in open {
            let Ok(template) = Template::parse(&format!("{{{{parameters.{}}}}}", variable.name))
            else {
                continue;
            };
            let parameter = Parameter {
                kind: variable.kind,
                required: variable.is_needed,
                default: None,
            };
            let parameters = &mut endpoint.parameters;
            parameters.entry(variable.name.clone()).or_insert(parameter);
            // So that a parameter that is declared for it counts as used.
            self.mentions.extend(place.as_ref().map(|place| Mention {
                template: template.clone(),
                span: place.node.span.clone(),
                path: place.path.clone(),
                site: self.site.clone(),
                role: Role::Other,
            }));
            let value = ValueTemplate::Template(template);
            operation.variables.insert(variable.name.clone(), value);
        }
    }

    /// The step that sends an operation.
    pub(super) fn graphql_request(&mut self, at: &At<'_>) -> GraphqlRequestStep {
        GraphqlRequestStep {
            request: Request {
                method: "POST".to_owned(),
                url: self.address(at, true),
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

/// What a good reply to an operation is where the definition does not say: no errors, whose words come first where some
/// servers add a status of their own, and a status below 400.
fn no_errors() -> Condition {
    let of = |text: &str| {
        let template = Template::parse(text).unwrap_or_else(|_| Template::literal(""));
        ValueTemplate::Template(template)
    };
    let errors = |test: Test| Condition::Test {
        value: of("{{response.body.errors}}"),
        test,
        otherwise: Template::parse(
            "The API answered with errors: {{response.body.errors[0].message}}",
        )
        .ok(),
    };
    let none = |value: Value| ValueTemplate::Scalar(value);
    Condition::All(vec![
        Condition::Any(vec![
            errors(Test::Exists(false)),
            errors(Test::Equals(none(Value::Null))),
            errors(Test::Equals(ValueTemplate::Array(Vec::new()))),
        ]),
        Condition::Test {
            value: of("{{response.status}}"),
            test: Test::LessThan(none(json!(400))),
            otherwise: None,
        },
    ])
}
