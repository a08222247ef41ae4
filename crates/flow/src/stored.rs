//! What a credential keeps of forms: which answers it gives back, and which fields it drops.

use model::{Connector, Field, StepKind};
use serde_json::Value;

use crate::answers::{Answers, Source};
use crate::credential::Credential;
use crate::outputs::Outputs;

/// The kept form fields of a credential as answers to the same forms.
pub(crate) fn answers(connector: &Connector, credential: &Credential) -> Answers {
    let kept = connector.kept_fields();
    let mut answers = Answers::new();
    for step in &connector.auth_flow.steps {
        let StepKind::Form(form) = &step.kind else {
            continue;
        };
        let Some(outputs) = credential.outputs.of(&step.id) else {
            continue;
        };
        let is_kept = |field: &Field| {
            kept.iter()
                .any(|(id, key)| *id == step.id && *key == field.key)
        };
        if form.fields.iter().all(is_kept) {
            // What is not there was left empty, and is not asked again.
            answers.0.0.entry(step.id.clone()).or_default();
        }
        for field in &form.fields {
            match outputs.get(&field.key) {
                Some(Value::String(text)) => {
                    answers.put(&step.id, &field.key, text, Source::Stored);
                }
                Some(value) => {
                    answers.put(&step.id, &field.key, value.to_string(), Source::Stored);
                }
                None => {}
            }
        }
    }
    answers
}

/// The auth flow's outputs less the form fields that are not kept, and the codes that were for one use.
pub(crate) fn keep(connector: &Connector, outputs: &Outputs) -> Outputs {
    let kept = connector.kept_fields();
    let mut remaining = Outputs::new();
    for step in &connector.auth_flow.steps {
        let Some(fields) = outputs.of(&step.id) else {
            continue;
        };
        if matches!(step.kind, StepKind::Totp(_)) {
            continue;
        }
        let mut fields = fields.clone();
        if matches!(step.kind, StepKind::Form(_)) {
            fields.retain(|key, _| {
                kept.iter()
                    .any(|(id, field)| *id == step.id && field == key)
            });
        }
        remaining.set(&step.id, fields);
    }
    remaining
}
