//! What a form shows above its fields: texts, images and QR codes, from what earlier steps left.

use model::{Exhibit, ExhibitKind, FormStep, Image, Step};
use serde_json::Value;
use template::{Place, Template};

use crate::failure::Failure;
use crate::judge::unusable;
use crate::prompt::{Exhibited, PromptExhibit};
use crate::qr::qr_svg;
use crate::step::StepContext;

/// What is shown; what has no value is left out.
pub(crate) fn exhibits(
    cx: &StepContext<'_>,
    step: &Step,
    form: &FormStep,
) -> Result<Vec<PromptExhibit>, Failure> {
    let mut shown = Vec::new();
    for exhibit in &form.show {
        if let Some(value) = text(cx, step, Some(exhibit.kind.template()))? {
            shown.push(PromptExhibit {
                label: text(cx, step, exhibit.label.as_ref())?,
                shown: read(step, exhibit, value)?,
            });
        }
    }
    Ok(shown)
}

fn read(step: &Step, exhibit: &Exhibit, value: String) -> Result<Exhibited, Failure> {
    match exhibit.kind {
        ExhibitKind::Text(_) => Ok(Exhibited::Text(value)),
        ExhibitKind::Image(_) => {
            let image = Image::read(&value).map_err(|error| {
                let message = format!("The image of `{}` cannot be shown: {error}.", step.id);
                Failure::definition("image_unusable", message).with_help(error.help())
            })?;
            Ok(Exhibited::Image(image.data_url()))
        }
        ExhibitKind::Qr(_) if qr_svg(&value).is_none() => Err(Failure::definition(
            "qr_unusable",
            format!(
                "The text of `{}` has {} bytes, which no QR code holds.",
                step.id,
                value.len()
            ),
        )
        .with_help("Show a shorter text, such as an address.")),
        ExhibitKind::Qr(_) => Ok(Exhibited::Qr(value)),
    }
}

/// A text that may be left out; none where its value is absent.
pub(crate) fn text(
    cx: &StepContext<'_>,
    step: &Step,
    template: Option<&Template>,
) -> Result<Option<String>, Failure> {
    let Some(template) = template else {
        return Ok(None);
    };
    let value = template
        .resolve(&cx.scope(), Place::Text)
        .map_err(|error| unusable(cx, &step.id, error.into()))?;
    Ok(value.map(|value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    }))
}
