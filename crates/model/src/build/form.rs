//! Forms out of nodes.

use std::time::Duration;

use template::Template;

use super::{At, Builder, Role};
use crate::code::Code;
use crate::form::{Choice, Exhibit, ExhibitKind, Field, FieldKind, FormStep, Options, TextRule};
use crate::image::Image;
use crate::tree::NodeValue;

impl Builder<'_, '_> {
    /// A form.
    pub(super) fn form(&mut self, at: &At<'_>) -> FormStep {
        FormStep {
            title: self.template_of(at, "title", Role::Shown),
            text: self.template_of(at, "text", Role::Shown),
            show: at
                .get("show")
                .iter()
                .flat_map(At::items)
                .map(|shown| self.exhibit(&shown))
                .collect(),
            fields: at
                .get("fields")
                .iter()
                .flat_map(At::items)
                .map(|field| self.field(&field))
                .collect(),
            resend: at.text_of("resend"),
            expires_in: at
                .get("expires_in")
                .map(|_| self.lasting(at, "expires_in", Duration::MAX)),
        }
    }

    fn exhibit(&mut self, at: &At<'_>) -> Exhibit {
        let label = self.template_of(at, "label", Role::Shown);
        let kind = if let Some(image) = self.template_of(at, "image", Role::Shown) {
            self.check_image(at, &image);
            ExhibitKind::Image(image)
        } else if let Some(qr) = self.template_of(at, "qr", Role::Shown) {
            ExhibitKind::Qr(qr)
        } else {
            ExhibitKind::Text(self.needed(at, "text", Role::Shown))
        };
        Exhibit { label, kind }
    }

    /// An image that is written out must be one.
    fn check_image(&mut self, at: &At<'_>, image: &Template) {
        let (true, Some(at)) = (image.is_literal(), at.get("image")) else {
            return;
        };
        if let Err(error) = Image::read(image.source()) {
            let (code, span) = (Code::BadImage, at.node.span.clone());
            let message = format!("This image cannot be shown: {error}.");
            self.report.add(code, span, &at.path, message, error.help());
        }
    }

    fn field(&mut self, at: &At<'_>) -> Field {
        let kind = match at.text_of("type").as_deref() {
            Some("number") => FieldKind::Number,
            Some("email") => FieldKind::Email,
            Some("password") => FieldKind::Password,
            Some("otp") => FieldKind::Otp,
            Some("choice") => FieldKind::Choice,
            _ => FieldKind::Text,
        };
        let field = Field {
            key: at.text_of("key").unwrap_or_default(),
            kind,
            label: self.template_of(at, "label", Role::Shown),
            help: self.template_of(at, "help", Role::Shown),
            placeholder: self.template_of(at, "placeholder", Role::Shown),
            required: at.flag("required", true),
            default: self.template_of(at, "default", Role::Other),
            rule: TextRule {
                pattern: self.pattern(at),
                min_length: at.count("min_length"),
                max_length: at.count("max_length"),
            },
            otherwise: self.template_of(at, "else", Role::Shown),
            options: self.options(at),
            remember: at.get("remember").map(|_| at.flag("remember", true)),
        };
        self.check_options(at, &field);
        self.check_length(at, &field);
        self.check_default(at, &field);
        field
    }

    fn pattern(&mut self, at: &At<'_>) -> Option<String> {
        let at = at.get("pattern")?;
        self.regex(&at)?;
        Some(at.text())
    }

    fn options(&mut self, at: &At<'_>) -> Options {
        let Some(at) = at.get("options") else {
            return Options::Fixed(Vec::new());
        };
        match &at.node.value {
            NodeValue::List(_) => Options::Fixed(at.items().iter().map(option).collect()),
            _ => Options::From(self.template(&at, Role::Other)),
        }
    }

    fn check_options(&mut self, at: &At<'_>, field: &Field) {
        let message = match (field.kind, at.get("options")) {
            (FieldKind::Choice, None) => "This choice has nothing to choose from.",
            (FieldKind::Choice, Some(_)) | (_, None) => return,
            (_, Some(_)) => "This field has options and is no choice.",
        };
        let span = match field.kind {
            FieldKind::Choice => at.key_span("type"),
            _ => at.key_span("options"),
        };
        self.report.add(
            Code::NoOptions,
            span,
            &at.path,
            message,
            Code::NoOptions.help(),
        );
    }

    /// A length that some answer can have.
    fn check_length(&mut self, at: &At<'_>, field: &Field) {
        let mut bad = |key: &str, message: String| {
            let (code, span) = (Code::BadLength, at.key_span(key));
            self.report.add(code, span, &at.path, message, code.help());
        };
        for key in ["min_length", "max_length"] {
            if !field.kind.is_text() && at.get(key).is_some() {
                bad(key, format!("A {} has no length.", field.kind.name()));
            }
        }
        if let (Some(least), Some(most)) = (field.rule.min_length, field.rule.max_length)
            && least > most
        {
            let message = format!("Nothing has at least {least} and at most {most} characters.");
            bad("max_length", message);
        }
    }

    /// A fixed default must be something the field would take.
    fn check_default(&mut self, at: &At<'_>, field: &Field) {
        let Some(default) = field
            .default
            .as_ref()
            .filter(|default| default.is_literal())
        else {
            return;
        };
        let taken = match (&field.options, field.kind) {
            (Options::Fixed(options), FieldKind::Choice) => {
                options.is_empty() || options.iter().any(|it| it.value == default.source())
            }
            (_, FieldKind::Number) => default.source().trim().parse::<f64>().is_ok(),
            _ => field.rule.misfit(default.source()).is_none(),
        };
        if !taken {
            let at = at.get("default").unwrap_or_else(|| at.clone());
            self.report.add(
                Code::BadDefault,
                at.node.span.clone(),
                &at.path,
                format!(
                    "The field `{}` does not take `{}`.",
                    field.key,
                    default.source()
                ),
                "Write one of the options, a number for a number, or what fits its pattern and length.",
            );
        }
    }
}

fn option(at: &At<'_>) -> Choice {
    let value = at.text_of("value").unwrap_or_else(|| at.text());
    Choice {
        label: at.text_of("label").unwrap_or_else(|| value.clone()),
        value,
    }
}
