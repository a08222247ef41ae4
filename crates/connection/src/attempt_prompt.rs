//! How the question that an attempt waits with is kept, so that it is the same after a restart.

use flow::{Open, Prompt, PromptChoice, PromptExhibit, PromptField};
use model::{FieldKind, TextRule, Words};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

/// A [`Prompt`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Prompt")]
pub(crate) struct PromptShape {
    step: String,
    title: String,
    text: Option<String>,
    #[serde(default)]
    show: Vec<PromptExhibit>,
    #[serde(with = "fields")]
    fields: Vec<PromptField>,
    error: Option<Words>,
    attempts_left: Option<u32>,
    #[serde(default)]
    notice: Option<Words>,
    #[serde(default)]
    resends_left: Option<u32>,
    #[serde(default)]
    expires_at: Option<i64>,
    #[serde(default)]
    expired: bool,
}

/// An [`Open`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "Open")]
pub(crate) struct OpenShape {
    step: String,
    url: Url,
    state: Option<String>,
    refused: Option<Words>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PromptField")]
struct FieldShape {
    key: String,
    #[serde(with = "KindShape")]
    kind: FieldKind,
    label: String,
    help: Option<String>,
    placeholder: Option<String>,
    required: bool,
    default: Option<String>,
    #[serde(with = "choices")]
    options: Vec<PromptChoice>,
    #[serde(default, with = "RuleShape")]
    rule: TextRule,
    #[serde(default)]
    otherwise: Option<String>,
    error: Option<Words>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TextRule")]
struct RuleShape {
    pattern: Option<String>,
    min_length: Option<u32>,
    max_length: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "PromptChoice")]
struct ChoiceShape {
    value: String,
    label: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FieldKind", rename_all = "lowercase")]
enum KindShape {
    Text,
    Number,
    Email,
    Password,
    Otp,
    Choice,
}

mod fields {
    use super::{Deserialize, Deserializer, FieldShape, PromptField, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct One(#[serde(with = "FieldShape")] PromptField);

    pub(super) fn serialize<S: Serializer>(all: &[PromptField], to: S) -> Result<S::Ok, S::Error> {
        let all: Vec<One> = all.iter().cloned().map(One).collect();
        all.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<PromptField>, D::Error> {
        let all = Vec::<One>::deserialize(from)?;
        Ok(all.into_iter().map(|one| one.0).collect())
    }
}

mod choices {
    use super::{ChoiceShape, Deserialize, Deserializer, PromptChoice, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct One(#[serde(with = "ChoiceShape")] PromptChoice);

    pub(super) fn serialize<S: Serializer>(all: &[PromptChoice], to: S) -> Result<S::Ok, S::Error> {
        let all: Vec<One> = all.iter().cloned().map(One).collect();
        all.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<PromptChoice>, D::Error> {
        let all = Vec::<One>::deserialize(from)?;
        Ok(all.into_iter().map(|one| one.0).collect())
    }
}
