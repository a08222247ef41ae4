//! The form that a sign-in asks for, as a page: one real form that works with password managers and without a script.

use flow::{Prompt, PromptField};
use maud::{Markup, html};
use model::FieldKind;

/// What goes before a field's name in the page, so that no field can be taken for one of ours.
const PREFIX: &str = "answer.";

/// Where a form is sent, and what goes along unseen.
pub(crate) struct FormTarget<'a> {
    /// The address to send it to.
    pub(crate) action: &'a str,
    /// The address to give up at.
    pub(crate) cancel: &'a str,
    /// The token that shows that the form came from our page.
    pub(crate) form_token: &'a str,
}

/// The form below its title.
pub(crate) fn form(prompt: &Prompt, target: &FormTarget<'_>) -> Markup {
    html! {
        @if let Some(text) = &prompt.text { p { (text) } }
        @if let Some(error) = &prompt.error {
            p.bad #form-error role="alert" {
                (error)
                @if let Some(left) = prompt.attempts_left { " " (tries(left)) }
            }
        }
        form.card method="post" action=(target.action) {
            input type="hidden" name="form_token" value=(target.form_token);
            input type="hidden" name="step" value=(prompt.step);
            @for (index, one) in prompt.fields.iter().enumerate() {
                (field(one, autofocus(prompt, index), names_user(prompt, index)))
            }
            div.row {
                button.main type="submit" { "Continue" }
                button type="submit" formaction=(target.cancel) formnovalidate { "Cancel" }
            }
        }
    }
}

/// What was typed into it, by field. What was left or made empty is an answer too.
pub(crate) fn typed<'a>(
    sent: impl IntoIterator<Item = &'a (String, String)>,
) -> impl Iterator<Item = (String, String)> {
    sent.into_iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone())))
}

fn tries(left: u32) -> String {
    match left {
        1 => "You can try once more.".to_owned(),
        left => format!("You can try {left} more times."),
    }
}

fn field(field: &PromptField, focus: bool, names_user: bool) -> Markup {
    let name = format!("{PREFIX}{}", field.key);
    let id = format!("field-{}", field.key);
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let mut described = Vec::new();
    if field.help.is_some() {
        described.push(help_id.as_str());
    }
    if field.error.is_some() {
        described.push(error_id.as_str());
    }
    let described = (!described.is_empty()).then(|| described.join(" "));
    let wrong = field.error.as_ref().map(|_| "true");
    let (kind, mode, complete) = kind(field.kind, names_user);
    // A secret never comes back, not even as a default.
    let value = field.default.as_ref().filter(|_| !field.kind.is_secret());
    html! {
        label for=(id) {
            (field.label)
            @if !field.required { span.soft { " (optional)" } }
        }
        @if field.kind == FieldKind::Choice {
            select id=(id) name=(name) required[field.required] autofocus[focus]
                aria-invalid=[wrong] aria-describedby=[described] {
                @if value.is_none() { option value="" { "Choose one" } }
                @for option in &field.options {
                    option value=(option.value) selected[value == Some(&option.value)] { (option.label) }
                }
            }
        } @else {
            input id=(id) name=(name) type=(kind) inputmode=[mode] autocomplete=(complete) value=[value]
                placeholder=[&field.placeholder] required[field.required] autofocus[focus]
                autocapitalize="none" spellcheck="false" aria-invalid=[wrong] aria-describedby=[described];
        }
        @if let Some(help) = &field.help { p.soft id=(help_id) { (help) } }
        @if let Some(error) = &field.error { p.bad id=(error_id) { (error) } }
    }
}

/// The input's type, its keyboard, and what password managers fill in. A number is a text with another keyboard:
/// browsers round and scroll what they take for numbers.
fn kind(kind: FieldKind, names_user: bool) -> (&'static str, Option<&'static str>, &'static str) {
    let complete = if names_user { "username" } else { "off" };
    match kind {
        FieldKind::Text | FieldKind::Choice => ("text", None, complete),
        FieldKind::Email => ("email", None, if names_user { "username" } else { "email" }),
        FieldKind::Number => ("text", Some("decimal"), "off"),
        FieldKind::Password => ("password", None, "current-password"),
        FieldKind::Otp => ("text", Some("numeric"), "one-time-code"),
    }
}

/// The text or e-mail field before a password is the user's name.
fn names_user(prompt: &Prompt, index: usize) -> bool {
    let password = prompt
        .fields
        .iter()
        .position(|field| field.kind == FieldKind::Password);
    let before = &prompt.fields[..password.unwrap_or(0)];
    let names = |field: &PromptField| matches!(field.kind, FieldKind::Text | FieldKind::Email);
    before.iter().rposition(names) == Some(index)
}

/// The first field that is wrong; else, after an error of the whole form, the first secret; else the first.
fn autofocus(prompt: &Prompt, index: usize) -> bool {
    let find = |fits: &dyn Fn(&PromptField) -> bool| prompt.fields.iter().position(fits);
    let wrong = find(&|field| field.error.is_some());
    let secret = || find(&|field| field.kind.is_secret()).filter(|_| prompt.error.is_some());
    wrong.or_else(secret).unwrap_or(0) == index
}

#[cfg(test)]
mod tests {
    use super::{FormTarget, form, typed};
    use flow::{Prompt, PromptChoice, PromptField};
    use model::FieldKind;

    fn field(key: &str, kind: FieldKind) -> PromptField {
        PromptField {
            key: key.to_owned(),
            kind,
            label: key.to_uppercase(),
            help: None,
            placeholder: None,
            required: true,
            default: None,
            options: Vec::new(),
            pattern: None,
            error: None,
        }
    }

    fn render(fields: Vec<PromptField>, error: Option<&str>) -> String {
        let prompt = Prompt {
            step: "form1".to_owned(),
            title: "Sign in".to_owned(),
            text: Some("<b>text</b>".to_owned()),
            fields,
            error: error.map(str::to_owned),
            attempts_left: error.map(|_| 1),
        };
        let target = FormTarget {
            action: "/send",
            cancel: "/cancel",
            form_token: "token",
        };
        form(&prompt, &target).into_string()
    }

    #[test]
    fn password_managers_and_keyboards_are_told_what_a_field_is() {
        let page = render(
            vec![
                field("company", FieldKind::Text),
                field("name", FieldKind::Email),
                field("pass", FieldKind::Password),
                field("code", FieldKind::Otp),
            ],
            None,
        );
        let one = |key: &str| {
            let from = page.find(&format!("name=\"answer.{key}\"")).unwrap();
            page[from..].split('>').next().unwrap().to_owned()
        };
        assert!(
            one("company").contains("autocomplete=\"off\"") && one("company").contains("autofocus")
        );
        assert!(one("name").contains("autocomplete=\"username\""));
        assert!(
            one("pass").contains("type=\"password\"")
                && one("pass").contains("autocomplete=\"current-password\"")
        );
        assert!(
            one("code").contains("autocomplete=\"one-time-code\"")
                && one("code").contains("inputmode=\"numeric\"")
        );
    }

    #[test]
    fn attack_65_a_secret_is_never_filled_in_and_all_text_is_escaped() {
        let mut pass = field("pass", FieldKind::Password);
        pass.default = Some("hunter2".to_owned());
        pass.error = Some("<script>alert(1)</script>".to_owned());
        let mut name = field("name", FieldKind::Text);
        name.default = Some("\"><script>".to_owned());
        let page = render(vec![name, pass], Some("<img src=x>"));
        assert!(
            !page.contains("hunter2") && !page.contains("<script") && !page.contains("<img"),
            "{page}"
        );
        assert!(page.contains("&lt;b&gt;text") && page.contains("You can try once more."));
        assert!(
            page.contains("aria-describedby=\"field-pass-error\"")
                && page.contains("aria-invalid=\"true\"")
        );
    }

    #[test]
    fn a_choice_shows_what_it_offers() {
        let mut choice = field("group", FieldKind::Choice);
        choice.default = Some("b".to_owned());
        choice.options = ["a", "b"]
            .map(|value| PromptChoice {
                value: value.to_owned(),
                label: format!("Group {value}"),
            })
            .to_vec();
        let page = render(vec![choice], None);
        assert!(
            page.contains("<option value=\"b\" selected>Group b</option>"),
            "{page}"
        );
    }

    #[test]
    fn only_fields_are_answers() {
        let sent = [
            ("step", "s"),
            ("answer.a", "1"),
            ("answer.b", ""),
            ("form_token", "t"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answers: Vec<_> = typed(&sent).collect();
        let expected =
            [("a", "1"), ("b", "")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(answers, expected);
    }
}
