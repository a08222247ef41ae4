//! Hawk: its credential read.

use model::{HawkSignIn, HmacAlgorithm};
use outbound::{HashKind, Hawk};
use secret::SecretBytes;
use template::Template;

use super::text;
use crate::request::BuildError;
use crate::scope::CallScope;

/// The scheme with its values.
pub(super) fn hawk(settings: &HawkSignIn, scope: &CallScope<'_>) -> Result<Hawk, BuildError> {
    let said = |template: &Option<Template>| {
        let template = template.as_ref();
        template.map(|template| text(template, scope)).transpose()
    };
    let filled = |field: &'static str, template: &Template| match text(template, scope)? {
        empty if empty.is_empty() => Err(BuildError::SignIn {
            field,
            problem: "is empty".to_owned(),
            help: "Set the id and the key that the API gave you.".to_owned(),
        }),
        text => Ok(text),
    };
    Ok(Hawk {
        id: filled("id", &settings.id)?,
        key: SecretBytes::new(filled("key", &settings.key)?.into_bytes()),
        hash: match settings.algorithm {
            HmacAlgorithm::Sha1 => HashKind::Sha1,
            HmacAlgorithm::Sha256 | HmacAlgorithm::Sha512 => HashKind::Sha256,
        },
        hash_payload: settings.hash_payload,
        ext: said(&settings.ext)?,
        app: said(&settings.app)?,
        dlg: said(&settings.dlg)?,
    })
}
