//! Which names a script's parameters may have: those that JavaScript takes for a function's.

/// Words that cannot name a parameter of a function. `await`, `eval` and the like would do in
/// lenient code, but not in a class or an async function inside it.
const RESERVED: [&str; 50] = [
    "arguments",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Whether a script can see a parameter by this name.
#[must_use]
pub fn is_parameter_name(name: &str) -> bool {
    let mut characters = name.chars();
    let starts = characters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || c == '$');
    starts
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        && !RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        for name in ["body", "_x", "$", "a1", "URL", "classes"] {
            assert!(is_parameter_name(name), "{name}");
        }
        for name in [
            "", "1a", "a-b", "a b", "class", "await", "a,b", "é", "a=1", "...a",
        ] {
            assert!(!is_parameter_name(name), "{name}");
        }
    }
}
