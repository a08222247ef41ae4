//! A GraphQL operation, and the step that sends one.

use indexmap::IndexMap;
use template::Template;

use crate::request::Request;
use crate::value_template::ValueTemplate;

/// An operation as it is sent over HTTP (GraphQL over HTTP, section 5.4).
#[derive(Clone, Debug, PartialEq)]
pub struct GraphqlOperation {
    /// The text: without a template, or one template and nothing else, so that no value can change
    /// what it means.
    pub query: Template,
    /// Its variables, by name.
    pub variables: IndexMap<String, ValueTemplate>,
    /// Which operation of the text is meant.
    pub operation_name: Option<Template>,
}

impl GraphqlOperation {
    /// Every template inside.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let mut found = vec![&self.query];
        found.extend(self.variables.values().flat_map(ValueTemplate::templates));
        found.extend(&self.operation_name);
        found
    }
}

/// Sends an operation and reads the reply.
#[derive(Clone, Debug)]
pub struct GraphqlRequestStep {
    /// What is sent; its body is the operation.
    pub request: Request,
    /// What a reply with `errors` means.
    pub errors: GraphqlErrors,
}

/// What a reply with `errors` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphqlErrors {
    /// The step fails, whatever the status.
    Fail,
    /// `expect` and the status judge the reply as any other.
    Keep,
}
