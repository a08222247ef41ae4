//! The form that a sign-in asks for, as a page: one real form that works with password managers and without a script.

use crate::screen::page_pattern::page_pattern;
use crate::screen::texts::Texts;
use flow::{Exhibited, Prompt, PromptExhibit, PromptField};
use maud::{Markup, PreEscaped, html};
use model::FieldKind;

/// What goes before a field's name in the page, so that no field can be taken for one of ours.
const PREFIX: &str = "answer.";

/// Where a form is sent, and what goes along unseen.
pub(crate) struct FormTarget<'a> {
    /// The address to send it to.
    pub(crate) action: &'a str,
    /// The address to have something sent again at.
    pub(crate) resend: &'a str,
    /// The address to give up at.
    pub(crate) cancel: &'a str,
    /// The token that shows that the form came from our page.
    pub(crate) form_token: &'a str,
    /// The time, in seconds since 1970.
    pub(crate) now: i64,
    /// In which language what is ours in it is said.
    pub(crate) texts: &'static Texts,
}

/// The form below its title.
pub(crate) fn form(prompt: &Prompt, target: &FormTarget<'_>) -> Markup {
    html! {
        @if let Some(text) = &prompt.text { p dir="auto" { (text) } }
        @if let Some(error) = &prompt.error {
            p.bad #form-error role="alert" dir="auto" {
                (target.texts.of(error))
                @if let Some(left) = prompt.attempts_left { " " ((target.texts.tries_left)(left)) }
            }
        }
        @if let Some(notice) = &prompt.notice { p.good role="status" dir="auto" { (target.texts.of(notice)) } }
        form.asks method="post" action=(target.action) {
            input type="hidden" name="form_token" value=(target.form_token);
            input type="hidden" name="step" value=(prompt.step);
            @if !prompt.expired {
                @for exhibit in &prompt.show { (shown(exhibit, target.texts)) }
                @for (index, one) in prompt.fields.iter().enumerate() {
                    (field(one, autofocus(prompt, index), names_user(prompt, index), prompt.error.is_some(), target.texts))
                }
                @if let Some(left) = prompt.seconds_left(target.now) { p.soft { ((target.texts.time_left)(left)) } }
            }
            @if prompt.resends_left == Some(0) { p.soft { (target.texts.not_again) } }
            div.row {
                @if !prompt.expired { button.main type="submit" { (target.texts.next) } }
                @if prompt.resends_left.is_some_and(|left| left > 0) {
                    button.main[prompt.expired] type="submit" formaction=(target.resend) formnovalidate { (target.texts.send_again) }
                }
                button type="submit" formaction=(target.cancel) formnovalidate { (target.texts.cancel) }
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

fn shown(exhibit: &PromptExhibit, texts: &Texts) -> Markup {
    /// What has more letters is read, not compared.
    const SHORT: usize = 16;
    let label = exhibit.label.as_deref();
    html! {
        @if let Some(label) = label { p dir="auto" { (label) } }
        @match &exhibit.shown {
            Exhibited::Text(text) if text.chars().count() <= SHORT => p.code { strong dir="auto" { (text) } },
            Exhibited::Text(text) => p dir="auto" { (text) },
            Exhibited::Image(url) => p { img src=(url) alt=(label.unwrap_or(texts.image)); },
            Exhibited::Qr(text) => {
                // Drawn by us from the text alone.
                @if let Some(drawn) = flow::qr_svg(text) {
                    div.qr role="img" aria-label=(label.unwrap_or(texts.qr)) { (PreEscaped(drawn)) }
                }
                details { summary { (texts.as_text) } p dir="auto" { (text) } }
            },
        }
    }
}

fn field(
    field: &PromptField,
    focus: bool,
    names_user: bool,
    form_is_wrong: bool,
    texts: &Texts,
) -> Markup {
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
    // Who comes to the field after a refusal hears why.
    if focus && form_is_wrong {
        described.push("form-error");
    }
    let described = (!described.is_empty()).then(|| described.join(" "));
    let wrong = field.error.as_ref().map(|_| "true");
    let (kind, mode, complete) = kind(field.kind, names_user);
    // A secret never comes back, not even as a default.
    let value = field.default.as_ref().filter(|_| !field.kind.is_secret());
    // Codes are pasted with spaces in them, which the server takes out first.
    let typed = field.kind.is_text() && field.kind != FieldKind::Otp;
    let rule = typed.then_some(&field.rule);
    let pattern = rule.and_then(|rule| page_pattern(rule.pattern.as_deref()?));
    let said = pattern.as_ref().and(field.otherwise.as_ref());
    html! {
        label for=(id) {
            bdi { (field.label) }
            @if !field.required { span.soft { " " (texts.optional) } }
        }
        @if field.kind == FieldKind::Choice {
            select id=(id) name=(name) required[field.required] autofocus[focus]
                aria-invalid=[wrong] aria-describedby=[described] {
                @if value.is_none() { option value="" { (texts.choose_one) } }
                @for option in &field.options {
                    option value=(option.value) selected[value == Some(&option.value)] { (option.label) }
                }
            }
        } @else if field.kind == FieldKind::Password {
            div.secret {
                // No `maxlength`: a browser cuts what is pasted, and nobody sees it.
                input id=(id) name=(name) type=(kind) autocomplete=(complete)
                    placeholder=[&field.placeholder] required[field.required] autofocus[focus]
                    minlength=[rule.and_then(|rule| rule.min_length)]
                    pattern=[pattern] title=[said]
                    autocapitalize="none" spellcheck="false" aria-invalid=[wrong] aria-describedby=[described];
                // Without a script it could do nothing; the script shows it.
                button type="button" data-reveals=(id) data-hide=(texts.hide_password) hidden { (texts.show_password) }
            }
        } @else {
            input id=(id) name=(name) type=(kind) inputmode=[mode] autocomplete=(complete) value=[value] dir=(direction(field.kind))
                placeholder=[&field.placeholder] required[field.required] autofocus[focus]
                minlength=[rule.and_then(|rule| rule.min_length)] maxlength=[rule.and_then(|rule| rule.max_length)]
                pattern=[pattern] title=[said]
                autocapitalize="none" spellcheck="false" aria-invalid=[wrong] aria-describedby=[described];
        }
        @if let Some(help) = &field.help { p.soft id=(help_id) dir="auto" { (help) } }
        @if let Some(error) = &field.error { p.bad id=(error_id) dir="auto" { (texts.of(error)) } }
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

/// Addresses, numbers and codes run from left to right in every language; for other texts the first letter tells.
fn direction(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Email | FieldKind::Number | FieldKind::Otp => "ltr",
        FieldKind::Text | FieldKind::Password | FieldKind::Choice => "auto",
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
    use flow::{Exhibited, Prompt, PromptChoice, PromptExhibit, PromptField};
    use model::{FieldKind, TextRule};

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
            rule: TextRule::default(),
            otherwise: None,
            error: None,
        }
    }

    fn prompt(fields: Vec<PromptField>, error: Option<&str>) -> Prompt {
        Prompt {
            step: "form1".to_owned(),
            title: "Sign in".to_owned(),
            text: Some("<b>text</b>".to_owned()),
            show: Vec::new(),
            fields,
            error: error.map(Into::into),
            attempts_left: error.map(|_| 1),
            notice: None,
            resends_left: None,
            expires_at: None,
            expired: false,
        }
    }

    fn render(fields: Vec<PromptField>, error: Option<&str>) -> String {
        page(&prompt(fields, error))
    }

    fn page(prompt: &Prompt) -> String {
        let target = FormTarget {
            action: "/send",
            resend: "/resend",
            cancel: "/cancel",
            form_token: "token",
            now: 1000,
            texts: &crate::screen::texts::ENGLISH,
        };
        form(prompt, &target).into_string()
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
        pass.error = Some("<script>alert(1)</script>".into());
        let mut name = field("name", FieldKind::Text);
        name.default = Some("\"><script>".to_owned());
        let page = render(vec![name, pass], Some("<img src=x>"));
        assert!(
            !page.contains("hunter2") && !page.contains("<script") && !page.contains("<img"),
            "{page}"
        );
        assert!(page.contains("&lt;b&gt;text") && page.contains("You can try once more."));
        assert!(
            page.contains("aria-describedby=\"field-pass-error form-error\"")
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
    fn what_the_server_will_ask_of_an_answer_the_page_asks_first() {
        let rule = TextRule {
            pattern: Some("[a-z]+".to_owned()),
            min_length: Some(3),
            max_length: Some(8),
        };
        let ruled = |kind| PromptField {
            rule: rule.clone(),
            otherwise: Some("Small letters.".to_owned()),
            ..field("a", kind)
        };
        let attributes = r#"minlength="3" maxlength="8" pattern="[a-z]+" title="Small letters.""#;
        assert!(render(vec![ruled(FieldKind::Text)], None).contains(attributes));
        // A code may come in groups.
        assert!(!render(vec![ruled(FieldKind::Otp)], None).contains("length"));
    }

    #[test]
    fn what_is_shown_stands_above_the_fields_as_text_image_or_code() {
        let exhibit = |label: Option<&str>, shown| PromptExhibit {
            label: label.map(str::to_owned),
            shown,
        };
        let prompt = Prompt {
            show: vec![
                exhibit(Some("Compare"), Exhibited::Text("<42>".to_owned())),
                exhibit(
                    Some("Letters"),
                    Exhibited::Image("data:image/png;base64,AA".to_owned()),
                ),
                exhibit(None, Exhibited::Qr("otpauth://x?<script>".to_owned())),
            ],
            ..prompt(vec![field("a", FieldKind::Text)], None)
        };
        let page = page(&prompt);
        assert!(page.contains(
            "<p dir=\"auto\">Compare</p><p class=\"code\"><strong dir=\"auto\">&lt;42&gt;</strong>"
        ));
        assert!(page.contains("<img src=\"data:image/png;base64,AA\" alt=\"Letters\">"));
        assert!(page.contains("<svg") && page.contains("otpauth://x?&lt;script&gt;"));
        assert!(page.find("<svg").unwrap() < page.find("answer.a").unwrap());
    }

    #[test]
    fn a_form_that_ran_out_takes_nothing_but_another_sending() {
        let fresh = Prompt {
            notice: Some(model::Said::SentAgain.into()),
            resends_left: Some(4),
            expires_at: Some(1300),
            ..prompt(vec![field("otp", FieldKind::Otp)], None)
        };
        let shown = page(&fresh);
        assert!(shown.contains("You have 5 minutes for this.") && shown.contains("Sent again."));
        assert!(shown.contains("formaction=\"/resend\"") && shown.contains("Continue"));
        let expired = page(&Prompt {
            expires_at: Some(999),
            expired: true,
            ..fresh.clone()
        });
        assert!(expired.contains("formaction=\"/resend\"") && !expired.contains("Continue"));
        assert!(!expired.contains("answer.otp") && !expired.contains("You have"));
        let spent = page(&Prompt {
            resends_left: Some(0),
            ..fresh
        });
        assert!(!spent.contains("/resend") && spent.contains("It cannot be sent again."));
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
