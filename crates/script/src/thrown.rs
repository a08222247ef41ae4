//! What a script threw, told in words. Everything about it may be hostile: getters may throw, loop
//! or give something other than text.

use rquickjs::{Ctx, Object, Value};

use crate::engine::FILE;
use crate::message::shown;
use crate::text::{Text, text_of};

/// The words for something thrown.
pub(crate) struct Thrown {
    /// The message, with the name of the error where that says more.
    pub(crate) message: String,
    /// Line and column in the builder's code, where they are known.
    pub(crate) place: Option<(u32, u32)>,
    /// Whether it is the engine's way to say that its memory is used up.
    pub(crate) out_of_memory: bool,
}

/// Describes what was thrown.
pub(crate) fn describe<'js>(
    ctx: &Ctx<'js>,
    helpers: &Object<'js>,
    code: &str,
    thrown: Value<'js>,
) -> Thrown {
    let text = Text::new(ctx, helpers);
    let Some(object) = thrown.as_object().filter(|object| !object.is_function()) else {
        return Thrown {
            message: primitive(&text, &thrown),
            place: None,
            // Where not even the error fits into memory, the engine throws null. Whoever writes
            // `throw null` is told the same: nothing tells the two apart, and that one is rare.
            out_of_memory: thrown.is_null(),
        };
    };
    let message = property(&text, object, "message");
    if !object.is_error() {
        return Thrown {
            message: message.map_or_else(|| "an object was thrown".to_owned(), |m| shown(&m)),
            place: None,
            out_of_memory: false,
        };
    }
    let name = property(&text, object, "name").unwrap_or_default();
    let message = message.unwrap_or_default();
    let stack = property(&text, object, "stack").unwrap_or_default();
    Thrown {
        out_of_memory: name == "InternalError" && message == "out of memory",
        place: place(&stack)
            .map(|(line, column)| (line_of_name(code, line, &message), column))
            .filter(|(line, _)| *line > 0),
        message: shown(&match (name.as_str(), message.as_str()) {
            ("" | "Error", "") => "an Error without a message".to_owned(),
            ("" | "Error", message) => message.to_owned(),
            (name, "") => name.to_owned(),
            (name, message) => format!("{name}: {message}"),
        }),
    }
}

/// A property that is text. A getter that throws leaves nothing, nor does another type.
fn property<'js>(text: &Text<'_, 'js>, object: &Object<'js>, name: &str) -> Option<String> {
    let Ok(value) = object.get::<_, Value<'js>>(name) else {
        // The exception is taken off, or it would surface at the next call.
        text.ctx().catch();
        return None;
    };
    text_of(text, &value)
}

fn primitive<'js>(text: &Text<'_, 'js>, thrown: &Value<'js>) -> String {
    if let Some(message) = text_of(text, thrown) {
        return shown(&message);
    }
    if let Some(number) = thrown.as_number() {
        return format!("the number {number} was thrown");
    }
    let words = match thrown.as_bool() {
        Some(true) => "true",
        Some(false) => "false",
        None if thrown.is_undefined() => "undefined",
        None if thrown.is_function() => "a function",
        None => "a value",
    };
    format!("{words} was thrown")
}

/// The line of the code on which the name stands that the engine complains about.
///
/// The engine records places at calls and statements, not at `a.b`, so that a failing `a.b` is
/// reported at the last place before it. The name is looked for from there on.
fn line_of_name(code: &str, line: u32, message: &str) -> u32 {
    let name = match message.split_once(" property '") {
        Some((_, rest)) => rest.split_once("' of ").map(|(name, _)| name),
        None => message.strip_suffix(" is not defined"),
    };
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return line;
    };
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let holds = |text: &str| {
        text.match_indices(name).any(|(at, _)| {
            let (before, rest) = text.split_at(at);
            let after = rest.strip_prefix(name).unwrap_or_default();
            !before.ends_with(is_part) && !after.starts_with(is_part)
        })
    };
    (1..)
        .zip(code.lines())
        .find(|(number, text)| *number >= line && holds(text))
        .map_or(line, |(number, _)| number)
}

/// The first place in a stack that lies in the builder's code, which starts on the second line. Its
/// line is 0 where the engine knows no more than the function.
fn place(stack: &str) -> Option<(u32, u32)> {
    stack.lines().find_map(|line| {
        let (_, rest) = line.rsplit_once(&format!("{FILE}:"))?;
        let (line, column) = rest.trim_end_matches(')').split_once(':')?;
        let line: u32 = line.parse().ok()?;
        Some((line.checked_sub(1)?, column.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_builders_code() {
        let cases = [
            (
                "    at f (script.js:4:9)\n    at <anonymous> (script.js:9:1)\n",
                Some((3, 9)),
            ),
            (
                "    at atob (stepgate:80:3)\n    at <anonymous> (script.js:2:5)\n",
                Some((1, 5)),
            ),
            ("    at script.js:3:7\n", Some((2, 7))),
            ("    at <anonymous> (script.js:1:1)\n", Some((0, 1))),
            ("    at f (native)\n", None),
            ("script.js:x:y", None),
            ("", None),
        ];
        for (stack, expected) in cases {
            assert_eq!(place(stack), expected, "{stack:?}");
        }
    }

    #[test]
    fn a_name_is_looked_for_from_the_known_line_on() {
        let code = "f(token);\nconst a = tokens;\nreturn { t: a.token };";
        let cases = [
            (1, "cannot read property 'token' of undefined", 1),
            (2, "cannot read property 'token' of undefined", 3),
            (0, "tokens is not defined", 2),
            (2, "cannot read property 'other' of null", 2),
            (2, "something else", 2),
            (2, " is not defined", 2),
        ];
        for (line, message, expected) in cases {
            assert_eq!(line_of_name(code, line, message), expected, "{message}");
        }
    }
}
