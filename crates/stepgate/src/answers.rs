//! Answers to form fields that were given before anybody was asked: flags, a file, the environment.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use model::Source;
use secret::SecretString;

use crate::arguments::SignIn;
use crate::ending::Complaint;
use crate::secrets::shout;

/// Given answers by step and field. A flag wins over the file, the file over the environment.
#[derive(Debug, Default)]
pub(crate) struct Given(BTreeMap<(String, String), SecretString>);

impl Given {
    /// Collects what was given for `fields`, the (step, field) pairs that the definition's forms have.
    ///
    /// An answer to a field that no form has is refused: it is a slip of the pen that would be
    /// noticed only when the run asks.
    pub(crate) fn collect(
        options: &SignIn,
        fields: &[(String, String)],
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Complaint> {
        let mut given = BTreeMap::new();
        for (step, field) in fields {
            if let Some(value) =
                variable(&format!("STEPGATE_ANSWER_{}_{}", shout(step), shout(field)))
            {
                given.insert((step.clone(), field.clone()), SecretString::new(value));
            }
        }
        let mut named = Vec::new();
        if let Some(path) = &options.answers {
            named.extend(parse(&read(path)?, &path.display().to_string())?);
        }
        named.extend(options.answer.iter().cloned());
        for (name, value) in named {
            let key = name
                .split_once('.')
                .map(|(step, field)| (step.to_owned(), field.to_owned()));
            match key.filter(|key| fields.contains(key)) {
                Some(key) => given.insert(key, SecretString::new(value)),
                None => return Err(unknown(&name, fields)),
            };
        }
        Ok(Given(given))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str, &SecretString)> {
        self.0
            .iter()
            .map(|((step, field), value)| (step.as_str(), field.as_str(), value))
    }
}

fn read(path: &Path) -> Result<String, Complaint> {
    let mut text = String::new();
    let outcome = if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map(|_| ())
    } else {
        std::fs::read_to_string(path).map(|read| text = read)
    };
    outcome.map_err(|error| {
        Complaint::usage(
            "answers_unreadable",
            format!("cannot read the answers in {}: {error}", path.display()),
        )
    })?;
    Ok(text)
}

/// `form1.password: hunter2` a line, or `form1: { password: hunter2 }`.
fn parse(text: &str, name: &str) -> Result<Vec<(String, String)>, Complaint> {
    let wrong = |why: String| {
        Complaint::usage("answers_invalid", format!("{name}: {why}"))
            .help("write one answer a line, such as `form1.password: secret`")
    };
    let source = Source::new(name, text);
    let value = model::read_value(&source).map_err(|problems| {
        let said: Vec<String> = problems
            .iter()
            // Not with the text at fault: that may be the password.
            .map(|problem| {
                format!(
                    "line {}, column {}: {}",
                    problem.line, problem.column, problem.message
                )
            })
            .collect();
        wrong(said.join("\n"))
    })?;
    let serde_json::Value::Object(top) = value else {
        return Err(wrong(
            "this is not a mapping of fields to answers".to_owned(),
        ));
    };
    let mut answers = Vec::new();
    for (key, value) in top {
        match value {
            serde_json::Value::Object(fields) => {
                for (field, value) in fields {
                    answers.push((
                        format!("{key}.{field}"),
                        scalar(&value).ok_or_else(|| {
                            wrong(format!(
                                "the answer to {key}.{field} is no text, number or boolean"
                            ))
                        })?,
                    ));
                }
            }
            value => {
                let text = scalar(&value).ok_or_else(|| {
                    wrong(format!("the answer to {key} is no text, number or boolean"))
                })?;
                answers.push((key, text));
            }
        }
    }
    Ok(answers)
}

fn scalar(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn unknown(name: &str, fields: &[(String, String)]) -> Complaint {
    let known: Vec<String> = fields
        .iter()
        .map(|(step, field)| format!("{step}.{field}"))
        .collect();
    let help = if known.is_empty() {
        "this definition has no form".to_owned()
    } else {
        format!("its fields are {}", known.join(", "))
    };
    Complaint::usage(
        "unknown_answer",
        format!("no form of this definition has a field {name}"),
    )
    .help(help)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn options(answer: &[(&str, &str)]) -> SignIn {
        SignIn {
            answer: answer
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            answers: None,
            callback_port: 0,
            sso: None,
            wait: Duration::ZERO,
        }
    }

    fn fields() -> Vec<(String, String)> {
        vec![
            ("form1".to_owned(), "password".to_owned()),
            ("form1".to_owned(), "username".to_owned()),
        ]
    }

    #[test]
    fn a_flag_wins_over_the_environment() {
        let environment =
            |name: &str| (name == "STEPGATE_ANSWER_FORM1_PASSWORD").then(|| "from-env".to_owned());
        let given = Given::collect(
            &options(&[("form1.username", "alice")]),
            &fields(),
            environment,
        )
        .unwrap();
        let seen: Vec<_> = given
            .iter()
            .map(|(s, f, v)| (s, f, v.reveal().as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("form1", "password", "from-env"),
                ("form1", "username", "alice")
            ]
        );
        let given = Given::collect(
            &options(&[("form1.password", "flag")]),
            &fields(),
            environment,
        )
        .unwrap();
        assert_eq!(given.iter().next().unwrap().2.reveal(), "flag");
    }

    #[test]
    fn an_answer_to_no_field_is_refused_with_the_fields_there_are() {
        let complaint =
            Given::collect(&options(&[("form1.pasword", "x")]), &fields(), |_| None).unwrap_err();
        assert_eq!(complaint.code, "unknown_answer");
        assert!(complaint.help.unwrap().contains("form1.password"));
    }

    #[test]
    fn attack_61_a_file_that_cannot_be_read_is_told_without_what_it_holds() {
        for text in [
            "form1.password: \"canary-hunter2",
            "form1.password: @canary-hunter2",
            "form1.password: a\nform1.password: canary-hunter2",
            "form1.password: *canary-hunter2",
            "form1.password: [canary-hunter2]",
            "canary-hunter2",
        ] {
            let complaint = parse(text, "a.yaml").unwrap_err();
            assert!(
                !format!("{complaint:?}").contains("hunter2"),
                "{complaint:?}"
            );
        }
    }

    #[test]
    fn a_file_may_be_flat_or_nested() {
        for text in [
            "form1.password: hunter2\nform1.pin: 123456\n",
            "form1: { password: hunter2, pin: 123456 }",
        ] {
            let mut answers = parse(text, "a.yaml").unwrap();
            answers.sort();
            assert_eq!(
                answers,
                [
                    ("form1.password".to_owned(), "hunter2".to_owned()),
                    ("form1.pin".to_owned(), "123456".to_owned())
                ]
            );
        }
        let answers = parse(
            "form1.pin: 0123\nform1.code: 1.10\nform1.agreed: true",
            "a.yaml",
        );
        let values: Vec<String> = answers
            .unwrap()
            .into_iter()
            .map(|(_, value)| value)
            .collect();
        assert_eq!(values, ["0123", "1.10", "true"]);
        assert!(parse("- a", "a.yaml").is_err());
        assert!(parse("form1.password: [a]", "a.yaml").is_err());
    }
}
