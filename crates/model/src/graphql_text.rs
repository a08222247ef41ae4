//! A GraphQL text as far as calling it needs: its operations, and what each takes.
//!
//! Parsed by apollo-parser; only what the specification (October 2021, section 2) says of operations and their variables
//! is read out of it.

use std::ops::Range;

use apollo_parser::Parser;
use apollo_parser::cst::{self, CstNode, Definition};

use crate::endpoint::ParameterKind;

/// How deep a text may nest, far below where the parser's own stack would end.
const DEEPEST: usize = 100;
/// How many words and signs a text may have.
const MOST_TOKENS: usize = 50_000;

/// One operation of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// Its name; none: it is anonymous.
    pub(crate) name: Option<String>,
    /// Whether it is a subscription, which is no single request.
    pub(crate) is_subscription: bool,
    /// Its variables, in order.
    pub(crate) variables: Vec<Variable>,
    /// Where it begins.
    pub(crate) span: Range<usize>,
}

/// One variable of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name, without `$`.
    pub(crate) name: String,
    /// Where it is declared, the `$` included.
    pub(crate) span: Range<usize>,
    /// Its type, as it is written: `[ID!]!`.
    pub(crate) ty: String,
    /// The JSON type that this is, as far as the text alone tells.
    pub(crate) kind: ParameterKind,
    /// Whether a value has to be given.
    pub(crate) is_needed: bool,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxFault {
    /// What is wrong.
    pub(crate) message: String,
    /// Where.
    pub(crate) span: Range<usize>,
}

/// The operations of a text, in order.
///
/// # Errors
/// The first place where it is not GraphQL, or not one that is sent: without an operation, or with a definition of types.
pub(crate) fn operations(text: &str) -> Result<Vec<Operation>, SyntaxFault> {
    let parser = Parser::new(text)
        .recursion_limit(DEEPEST)
        .token_limit(MOST_TOKENS);
    let tree = parser.parse();
    if let Some(error) = tree.errors().next() {
        let start = error.index().min(text.len());
        let message = match error.is_limit() {
            true => "it is larger or nests deeper than is read".to_owned(),
            false => in_signs(error.message().trim_end_matches('.')),
        };
        let end = (start + error.data().len()).clamp(start, text.len());
        return Err(SyntaxFault {
            message,
            span: start..end,
        });
    }
    let mut found = Vec::new();
    for definition in tree.document().definitions() {
        match definition {
            Definition::OperationDefinition(operation) => found.push(read(&operation)),
            Definition::FragmentDefinition(_) => {}
            other => {
                return Err(SyntaxFault {
                    message: "it defines types, which are the server's".to_owned(),
                    span: span(&other),
                });
            }
        }
    }
    if found.is_empty() {
        let message = "it has no operation".to_owned();
        let span = 0..text.len();
        return Err(SyntaxFault { message, span });
    }
    Ok(found)
}

/// The parser's message with the signs themselves in place of their names.
fn in_signs(message: &str) -> String {
    let signs = [
        ("L_PAREN", "`(`"),
        ("R_PAREN", "`)`"),
        ("L_CURLY", "`{`"),
        ("R_CURLY", "`}`"),
        ("L_BRACK", "`[`"),
        ("R_BRACK", "`]`"),
    ];
    let said = message.to_owned();
    signs
        .iter()
        .fold(said, |said, (name, sign)| said.replace(name, sign))
}

/// The operation that a name means: without one, the only one.
pub(crate) fn chosen<'o>(operations: &'o [Operation], name: Option<&str>) -> Option<&'o Operation> {
    match (name, operations) {
        (None, [only]) => Some(only),
        (None, _) => None,
        (Some(name), all) => all.iter().find(|one| one.name.as_deref() == Some(name)),
    }
}

fn read(operation: &cst::OperationDefinition) -> Operation {
    let kind = operation.operation_type();
    let variables = operation.variable_definitions();
    Operation {
        name: operation.name().map(|name| name.text().to_string()),
        is_subscription: kind.is_some_and(|kind| kind.subscription_token().is_some()),
        variables: variables
            .iter()
            .flat_map(cst::VariableDefinitions::variable_definitions)
            .filter_map(|variable| self::variable(&variable))
            .collect(),
        span: span(operation),
    }
}

fn variable(definition: &cst::VariableDefinition) -> Option<Variable> {
    let variable = definition.variable()?;
    let ty = definition.ty()?;
    let required = matches!(ty, cst::Type::NonNullType(_));
    Some(Variable {
        name: variable.name()?.text().to_string(),
        span: span(&variable),
        kind: kind(&ty),
        ty: ty.syntax().text().to_string().trim().to_owned(),
        is_needed: required && definition.default_value().is_none(),
    })
}

/// The JSON type of the built-in scalars and of lists (section 3.5 and 3.11); of any other type only the server knows.
fn kind(ty: &cst::Type) -> ParameterKind {
    let named = |named: Option<cst::NamedType>| {
        let name = named.and_then(|named| named.name());
        match name.as_ref().map(|name| name.text().to_string()).as_deref() {
            Some("Int") => ParameterKind::Integer,
            Some("Float") => ParameterKind::Number,
            Some("String" | "ID") => ParameterKind::String,
            Some("Boolean") => ParameterKind::Boolean,
            _ => ParameterKind::Any,
        }
    };
    match ty {
        cst::Type::ListType(_) => ParameterKind::Array,
        cst::Type::NamedType(ty) => named(Some(ty.clone())),
        cst::Type::NonNullType(ty) if ty.list_type().is_some() => ParameterKind::Array,
        cst::Type::NonNullType(ty) => named(ty.named_type()),
    }
}

/// Where a node stands, less the blanks around it.
fn span(node: &impl CstNode) -> Range<usize> {
    let (text, range) = (node.syntax().text().to_string(), node.syntax().text_range());
    let start = usize::from(range.start()) + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_tells_what_it_takes() {
        let text = "query Item($id: ID!, $first: Int = 10, $tags: [String!]!, $order: Order , $deep: Boolean!) @live {\n  item(id: $id) { ...Parts }\n}\nfragment Parts on Item { name }";
        let all = operations(text).unwrap();
        let item = chosen(&all, None).unwrap();
        assert_eq!(item.name.as_deref(), Some("Item"));
        let told: Vec<_> = item
            .variables
            .iter()
            .map(|it| (it.name.as_str(), it.ty.as_str(), it.kind, it.is_needed))
            .collect();
        let expected = [
            ("id", "ID!", ParameterKind::String, true),
            ("first", "Int", ParameterKind::Integer, false),
            ("tags", "[String!]!", ParameterKind::Array, true),
            ("order", "Order", ParameterKind::Any, false),
            ("deep", "Boolean!", ParameterKind::Boolean, true),
        ];
        assert_eq!(told, expected);
        assert_eq!(&text[item.variables[1].span.clone()], "$first");
    }

    #[test]
    fn of_several_one_has_to_be_named() {
        let all = operations("query A { a } mutation B { b } subscription C { c }").unwrap();
        assert_eq!(chosen(&all, None), None);
        assert_eq!(chosen(&all, Some("D")), None);
        assert!(chosen(&all, Some("C")).unwrap().is_subscription);
        assert!(
            !chosen(&operations("{ me { id } }").unwrap(), None)
                .unwrap()
                .is_subscription
        );
    }

    #[test]
    fn what_is_no_operation_is_told_with_its_place() {
        let table = [
            ("query { me { id }", 17),
            ("query A($id ID!) { a }", 12),
            ("fragment F on T { a }", 0),
            ("type T { a: Int }", 0),
            ("", 0),
            ("{ me { id } } }", 14),
        ];
        for (text, at) in table {
            let fault = operations(text).unwrap_err();
            assert_eq!(fault.span.start, at, "{text}: {fault:?}");
        }
        let deep = format!("{}{}", "{a".repeat(5000), "}".repeat(5000));
        assert!(operations(&deep).is_err());
        assert!(operations(&"{a}".repeat(100_000)).is_err());
    }
}
