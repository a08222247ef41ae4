//! One field of a form: what it offers, and what an answer to it means.

use model::{Field, FieldKind, Misfit, Options, Said, TextRule, Words};
use serde_json::{Number, Value};
use template::{Place, ResolveError, Scope};

/// One option of a choice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Offered {
    /// The answer that chooses it.
    pub(crate) answer: String,
    pub(crate) label: String,
    /// What becomes the output.
    pub(crate) output: Value,
}

/// What a choice offers; none where an earlier output is not a list of options.
pub(crate) fn offered(
    field: &Field,
    scope: &dyn Scope,
) -> Result<Option<Vec<Offered>>, ResolveError> {
    let template = match &field.options {
        Options::Fixed(choices) => {
            let offered = choices.iter().map(|choice| Offered {
                answer: choice.value.clone(),
                label: choice.label.clone(),
                output: Value::from(choice.value.as_str()),
            });
            return Ok(Some(offered.collect()));
        }
        Options::From(template) => template,
    };
    let value = match template.resolve(scope, Place::Value)? {
        Some(value) => value,
        // Asked again as text only for its error, which names the absent path.
        None => Value::String(template.resolve_text(scope, Place::Text)?),
    };
    let Value::Array(items) = value else {
        return Ok(None);
    };
    Ok(items.into_iter().map(option).collect())
}

/// What an answer means, or what is wrong with it. `otherwise` is what the definition says of one
/// that does not match the pattern.
pub(crate) fn read(
    field: &Field,
    answer: &str,
    offered: &[Offered],
    otherwise: Option<&str>,
) -> Result<Value, Words> {
    if field.kind == FieldKind::Choice {
        return offered
            .iter()
            .find(|option| option.answer == answer)
            .or_else(|| offered.iter().find(|option| option.label == answer))
            .map(|option| option.output.clone())
            .ok_or_else(|| Said::NotOffered.into());
    }
    let value = plain(field.kind, answer)?;
    fit(&field.rule, otherwise, &value)?;
    Ok(value)
}

/// What an answer means that is typed.
pub(crate) fn plain(kind: FieldKind, answer: &str) -> Result<Value, Words> {
    match kind {
        FieldKind::Text | FieldKind::Password | FieldKind::Choice => Ok(Value::from(answer)),
        // Codes are shown in groups, and pasted so.
        FieldKind::Otp => {
            let code: String = answer.chars().filter(|c| !c.is_whitespace()).collect();
            Ok(Value::from(code))
        }
        FieldKind::Email => email(answer).map(Value::from),
        FieldKind::Number => number(answer).map(Value::Number),
    }
}

/// Whether a value is as long, and looks, as it must.
pub(crate) fn fit(rule: &TextRule, otherwise: Option<&str>, value: &Value) -> Result<(), Words> {
    let written;
    let text = match value {
        Value::String(text) => text,
        other => {
            written = other.to_string();
            &written
        }
    };
    Err(match rule.misfit(text) {
        None => return Ok(()),
        Some(Misfit::TooShort(least)) => Said::TooShort { least }.into(),
        Some(Misfit::TooLong(most)) => Said::TooLong { most }.into(),
        Some(Misfit::Pattern) => match otherwise {
            Some(written) => written.into(),
            None => Said::WrongForm.into(),
        },
    })
}

fn option(item: Value) -> Option<Offered> {
    let answer = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let output = item.get("value").unwrap_or(&item).clone();
    let text = answer(&output)?;
    let label = item.get("label").and_then(answer);
    Some(Offered {
        label: label.unwrap_or_else(|| text.clone()),
        answer: text,
        output,
    })
}

fn email(answer: &str) -> Result<&str, Words> {
    let answer = answer.trim();
    let (name, host) = answer.rsplit_once('@').unwrap_or_default();
    let one_word = !answer.contains(|c: char| c.is_whitespace() || c.is_control());
    if one_word && !name.is_empty() && !host.is_empty() {
        Ok(answer)
    } else {
        Err(Said::NotAnEmailAddress.into())
    }
}

fn number(answer: &str) -> Result<Number, Words> {
    let answer = answer.trim();
    let whole = answer.parse::<i64>().map(Number::from).ok();
    let number = whole.or_else(|| Number::from_f64(answer.parse().ok()?));
    number.ok_or_else(|| Said::NotANumber.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(kind: FieldKind, pattern: Option<&str>) -> Field {
        Field {
            key: "f".to_owned(),
            kind,
            label: None,
            help: None,
            placeholder: None,
            required: true,
            default: None,
            rule: TextRule {
                pattern: pattern.map(str::to_owned),
                min_length: Some(1),
                max_length: Some(8),
            },
            otherwise: None,
            options: Options::Fixed(Vec::new()),
            remember: None,
        }
    }

    #[test]
    fn answers_have_the_type_of_their_field() {
        let good = [
            (FieldKind::Text, None, " a b ", json!(" a b ")),
            (FieldKind::Password, None, " p ", json!(" p ")),
            (FieldKind::Otp, None, "012 345", json!("012345")),
            (FieldKind::Otp, Some("[0-9]{6}"), "012 345", json!("012345")),
            (FieldKind::Number, None, "42", json!(42)),
            (FieldKind::Number, None, "-4.5", json!(-4.5)),
            (FieldKind::Email, None, " a@b.exam ", json!("a@b.exam")),
        ];
        for (kind, pattern, answer, expected) in good {
            assert_eq!(read(&field(kind, pattern), answer, &[], None), Ok(expected));
        }
        let bad = [
            (FieldKind::Number, None, "four"),
            (FieldKind::Number, None, "inf"),
            (FieldKind::Email, None, "nobody"),
            (FieldKind::Email, None, "@b"),
            (FieldKind::Text, Some("[0-9]{6}"), "1234567"),
            (FieldKind::Text, Some("a|b"), "ab"),
            (FieldKind::Choice, None, "x"),
            (FieldKind::Text, None, "123456789"),
        ];
        for (kind, pattern, answer) in bad {
            assert!(
                read(&field(kind, pattern), answer, &[], None).is_err(),
                "{answer}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_the_definitions_words_or_ours() {
        let field = field(FieldKind::Otp, Some("[0-9]*"));
        let table = [
            ("123 456 789", "This has more than 8 characters."),
            (" ", "This has fewer than 1 character."),
            ("12ab", "Digits, please."),
        ];
        for (answer, expected) in table {
            let said = read(&field, answer, &[], Some("Digits, please."));
            assert_eq!(said.unwrap_err().as_str(), expected);
        }
        let unsaid = read(&field, "12ab", &[], None).unwrap_err();
        assert_eq!(unsaid.said(), Some(&Said::WrongForm));
    }

    #[test]
    fn a_choice_keeps_the_type_of_what_was_offered() {
        let options: Vec<_> = [
            json!("a"),
            json!(7),
            json!({ "value": 8, "label": "Eight" }),
        ]
        .into_iter()
        .filter_map(option)
        .collect();
        let choice = field(FieldKind::Choice, None);
        assert_eq!(read(&choice, "a", &options, None), Ok(json!("a")));
        assert_eq!(read(&choice, "7", &options, None), Ok(json!(7)));
        assert_eq!(read(&choice, "8", &options, None), Ok(json!(8)));
        assert_eq!(read(&choice, "Eight", &options, None), Ok(json!(8)));
        assert_eq!(option(json!([1])), None);
        assert_eq!(option(json!({ "label": "x" })), None);
    }
}
