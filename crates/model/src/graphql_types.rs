//! The types of a GraphQL API, as it tells them, and whether the operations of a connector fit them.
//!
//! Only names and kinds are asked for: whether a field exists is for the API to say when it is called.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::connector::Connector;
use crate::endpoint::{Endpoint, ParameterKind};
use crate::graphql_text::{chosen, operations};
use crate::report::did_you_mean;
use crate::request::Body;

/// The question for the types (October 2021, section 4).
pub const TYPES_QUERY: &str = "{ __schema { types { kind name } } }";

/// The kinds of an API's types, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphqlTypes(BTreeMap<String, String>);

impl GraphqlTypes {
    /// The types of a reply to [`TYPES_QUERY`]; none where it tells none.
    #[must_use]
    pub fn of(reply: &Value) -> Option<Self> {
        let types = reply.pointer("/data/__schema/types")?.as_array()?;
        let text = |of: &Value, key: &str| Some(of.get(key)?.as_str()?.to_owned());
        let named = |of: &Value| Some((text(of, "name")?, text(of, "kind")?));
        let types: BTreeMap<_, _> = types.iter().filter_map(named).collect();
        (!types.is_empty()).then_some(Self(types))
    }

    /// How many operations of the connector could be held against the types, and what does not fit, as sentences.
    #[must_use]
    pub fn check(&self, connector: &Connector) -> (usize, Vec<String>) {
        let mut told = Vec::new();
        let all = connector.endpoints.iter().chain(&connector.test_api);
        let held = all.filter(|endpoint| self.fits(endpoint, &mut told).is_some());
        (held.count(), told)
    }

    fn fits(&self, endpoint: &Endpoint, told: &mut Vec<String>) -> Option<()> {
        let Body::Graphql(operation) = &endpoint.request.body else {
            return None;
        };
        let all = operations(operation.query.source()).ok()?;
        let name = operation.operation_name.as_ref();
        let read = chosen(&all, name.map(template::Template::source))?;
        for variable in &read.variables {
            let place = format!("{}: `${}`", endpoint.name, variable.name);
            let ty = variable.ty.trim_matches(['[', ']', '!', ' ']);
            let Some(kind) = self.0.get(ty) else {
                let names = self.0.keys().map(String::as_str);
                let help = did_you_mean(ty, names, "Look at the API's types.");
                told.push(format!(
                    "{place} is a `{ty}`, which the API does not have. {help}"
                ));
                continue;
            };
            let wanted = match kind.as_str() {
                "ENUM" => Some(ParameterKind::String),
                "INPUT_OBJECT" => Some(ParameterKind::Object),
                "SCALAR" => None,
                kind => {
                    told.push(format!(
                        "{place} is a `{ty}`, which the API gives and never takes ({kind})."
                    ));
                    continue;
                }
            };
            let given = endpoint.parameters.get(&variable.name);
            let given = given.map(|parameter| parameter.kind);
            if let (Some(wanted), Some(given)) = (wanted, given)
                && ![wanted, ParameterKind::Any, ParameterKind::Array].contains(&given)
            {
                let (wanted, given) = (wanted.name(), given.name());
                told.push(format!(
                    "{place} takes `{ty}`, which is of type {wanted}, and the parameter is of type {given}."
                ));
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, read};
    use serde_json::json;

    #[test]
    fn operations_are_held_against_what_the_api_tells() {
        let text = r#"
stepgate: 1
connector: shop
kind: graphql
base_url: https://shop.example.org
endpoints:
  - { name: fits, request: { graphql: { query: "query ($order: Order, $filter: [Filter!]!, $since: Date) { a }" } } }
  - { name: misspelt, request: { graphql: { query: "query ($order: Ordre) { a }" } } }
  - { name: given, request: { graphql: { query: "query ($query: Query) { a }" } } }
  - { name: typed, parameters: { order: { type: integer } }, request: { graphql: { query: "query ($order: Order) { a }" } } }
"#;
        let connector = read(&Source::new("shop.yaml", text)).connector.unwrap();
        let types = [
            ("ENUM", "Order"),
            ("INPUT_OBJECT", "Filter"),
            ("SCALAR", "Date"),
            ("OBJECT", "Query"),
        ];
        let types = types.map(|(kind, name)| json!({ "kind": kind, "name": name }));
        let types = json!({ "data": { "__schema": { "types": types } } });
        let (held, told) = GraphqlTypes::of(&types).unwrap().check(&connector);
        let expected = [
            "misspelt: `$order` is a `Ordre`, which the API does not have. Did you mean `Order`?",
            "given: `$query` is a `Query`, which the API gives and never takes (OBJECT).",
            "typed: `$order` takes `Order`, which is of type string, and the parameter is of type integer.",
        ];
        assert_eq!((held, told), (4, expected.map(str::to_owned).to_vec()));
        for nothing in [
            json!({ "errors": [] }),
            json!({ "data": { "__schema": { "types": [] } } }),
        ] {
            assert_eq!(GraphqlTypes::of(&nothing), None);
        }
    }
}
