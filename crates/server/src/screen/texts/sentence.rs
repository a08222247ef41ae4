//! Sentences that Stepgate itself puts before a person while a sign-in runs, in other languages. They come up from crates
//! that know no language, as English; whatever is not one of them is the definition's or the API's, and stays as it is.

/// One of ours in German; none where it is not ours.
pub(super) fn german(said: &str) -> Option<String> {
    let fixed = match said {
        "This is needed." => "Das wird gebraucht.",
        "Choose one of the options." => "Wähle eine der Möglichkeiten.",
        "This does not have the right form." => "Das hat nicht die richtige Form.",
        "This is not an e-mail address." => "Das ist keine E-Mail-Adresse.",
        "This is not a number." => "Das ist keine Zahl.",
        "Sent again." => "Noch einmal gesendet.",
        "This took too long. Have it sent again." => {
            "Das hat zu lange gedauert. Lass es noch einmal senden."
        }
        "Start again." => "Beginne von vorn.",
        "Sign in again." => "Melde dich neu an.",
        "The API answered with an HTML page where JSON was expected." => {
            "Es kam eine HTML-Seite, wo JSON erwartet wurde."
        }
        "This form was not sent by a page of ours in this browser, or it is too old." => {
            "Dieses Formular kam nicht von einer Seite von uns in diesem Browser, oder es ist zu alt."
        }
        "Go back, load the page again, and send the form once more. Cookies must be allowed." => {
            "Geh zurück, lade die Seite neu und sende das Formular noch einmal. Cookies müssen erlaubt sein."
        }
        _ => return pattern(said),
    };
    Some(fixed.to_owned())
}

fn pattern(said: &str) -> Option<String> {
    let between = |start: &str, end: &str| said.strip_prefix(start)?.strip_suffix(end);
    let count = |start: &str| {
        let count = between(start, " characters.").or_else(|| between(start, " character."))?;
        count.parse::<u32>().ok()
    };
    if let Some(least) = count("This has fewer than ") {
        return Some(format!("Das hat weniger als {least} Zeichen."));
    }
    if let Some(most) = count("This has more than ") {
        return Some(format!("Das hat mehr als {most} Zeichen."));
    }
    if let Some(why) = said.strip_prefix("It could not be sent again. ") {
        let why = german(why).unwrap_or_else(|| why.to_owned());
        return Some(format!("Es ließ sich nicht noch einmal senden. {why}"));
    }
    if let Some(rest) = said.strip_prefix("The API refused (status ") {
        let (status, why) = rest.split_once(')')?;
        return Some(match why.strip_prefix(": ") {
            Some(why) => format!("Das wurde abgelehnt (Status {status}): {why}"),
            // What follows the sentence was not said by the API, and is worth more than none of it.
            None => format!("Das wurde abgelehnt (Status {status}){why}"),
        });
    }
    if said.starts_with("What the API answered to step `") {
        let status = between_last(said, "(status ", ").")?;
        return Some(format!(
            "Die Antwort war nicht, wie sie sein sollte (Status {status})."
        ));
    }
    if said.starts_with("This took too long. The form `") {
        return Some("Das hat zu lange gedauert.".to_owned());
    }
    let what = between("There is no such ", ".")?;
    Some(match what {
        "page" => "Diese Seite gibt es nicht.".to_owned(),
        "app" => "Diese App gibt es nicht.".to_owned(),
        "connector" => "Diesen Connector gibt es nicht.".to_owned(),
        _ => "Das gibt es nicht.".to_owned(),
    })
}

fn between_last<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.rsplit_once(start)?;
    rest.strip_suffix(end)
}

#[cfg(test)]
mod tests {
    use super::german;
    use flow::PromptField;
    use model::{FieldKind, TextRule};

    #[test]
    fn whatever_is_said_of_a_field_is_said_in_german_too() {
        let field = |kind| PromptField {
            key: "a".to_owned(),
            kind,
            label: "A".to_owned(),
            help: None,
            placeholder: None,
            required: true,
            default: None,
            options: Vec::new(),
            rule: TextRule {
                pattern: Some("[a-z]+".to_owned()),
                min_length: Some(2),
                max_length: Some(4),
            },
            otherwise: None,
            error: None,
        };
        let table = [
            (FieldKind::Text, ""),
            (FieldKind::Text, "a"),
            (FieldKind::Text, "abcde"),
            (FieldKind::Text, "AB"),
            (FieldKind::Choice, "z"),
            (FieldKind::Email, "nobody"),
            (FieldKind::Number, "four"),
        ];
        for (kind, answer) in table {
            let said = field(kind).problem(answer).unwrap();
            assert!(german(&said).is_some(), "{said}");
        }
    }

    #[test]
    fn what_an_api_or_a_definition_says_stays() {
        let table = [
            (
                "The API refused (status 400): No.",
                Some("Das wurde abgelehnt (Status 400): No."),
            ),
            (
                "The API refused (status 400).",
                Some("Das wurde abgelehnt (Status 400)."),
            ),
            (
                "The API refused (status 401). This machine's clock is 1 h ahead of a.test's.",
                Some(
                    "Das wurde abgelehnt (Status 401). This machine's clock is 1 h ahead of a.test's.",
                ),
            ),
            (
                "What the API answered to step `a` is not what it expects (status 200).",
                Some("Die Antwort war nicht, wie sie sein sollte (Status 200)."),
            ),
            (
                "It could not be sent again. This took too long. The form `a` had to be answered within 9 seconds.",
                Some("Es ließ sich nicht noch einmal senden. Das hat zu lange gedauert."),
            ),
            ("The wiki did not accept this.", None),
            ("", None),
        ];
        for (said, expected) in table {
            assert_eq!(german(said).as_deref(), expected, "{said}");
        }
    }
}
