//! AWS Signature Version 4: credentials read, and the role that they take on.

use model::{AssumeRoleSettings, AwsSigV4SignIn, Location};
use outbound::{AssumeRole, AwsSigV4};
use secret::SecretBytes;
use template::{Place, Template};
use url::Url;

use super::text;
use crate::destination::destination;
use crate::request::BuildError;
use crate::scope::CallScope;

/// The scheme with its values.
pub(super) fn aws_sigv4(
    settings: &AwsSigV4SignIn,
    scope: &CallScope<'_>,
) -> Result<AwsSigV4, BuildError> {
    let region = word("region", &settings.region, "`eu-central-1`", scope)?;
    let key = text(&settings.secret_access_key, scope)?;
    let key = key.trim();
    if key.is_empty() {
        return Err(BuildError::SignIn {
            field: "secret_access_key",
            problem: "is empty".to_owned(),
            help: "Set the secret access key that AWS gave out with the access key ID.".to_owned(),
        });
    }
    Ok(AwsSigV4 {
        access_key_id: word(
            "access_key_id",
            &settings.access_key_id,
            "`AKIAIOSFODNN7EXAMPLE`",
            scope,
        )?,
        secret_access_key: SecretBytes::new(key.as_bytes().to_vec()),
        session_token: optional(settings.session_token.as_ref(), scope)?,
        assume_role: match &settings.assume_role {
            Some(role) => Some(assume_role(role, &region, scope)?),
            None => None,
        },
        region,
        service: word("service", &settings.service, "`execute-api`", scope)?,
        in_query: settings.location == Location::Query,
        unsigned_payload: settings.unsigned_payload,
    })
}

fn assume_role(
    settings: &AssumeRoleSettings,
    region: &str,
    scope: &CallScope<'_>,
) -> Result<AssumeRole, BuildError> {
    let seconds = settings.duration.as_secs();
    let duration = u32::try_from(seconds)
        .ok()
        .filter(|seconds| (900..=43_200).contains(seconds))
        .ok_or_else(|| BuildError::SignIn {
            field: "assume_role.duration",
            problem: format!("is {seconds} s, which AWS does not give"),
            help: "Write 15m to 12h.".to_owned(),
        })?;
    let url = match &settings.url {
        Some(template) => destination(
            template,
            &template.resolve_text(scope, Place::Url)?,
            scope.connector(),
        )?,
        None => regional(region)?,
    };
    let session_name = optional(settings.session_name.as_ref(), scope)?;
    Ok(AssumeRole {
        url,
        role_arn: text(&settings.role_arn, scope)?,
        session_name: session_name.unwrap_or_else(|| "stepgate".to_owned()),
        external_id: optional(settings.external_id.as_ref(), scope)?,
        duration,
    })
}

/// The region's own endpoint. A region is a plain word by now, so that it cannot lead elsewhere.
fn regional(region: &str) -> Result<Url, BuildError> {
    let suffix = match region.starts_with("cn-") {
        true => ".cn",
        false => "",
    };
    Url::parse(&format!("https://sts.{region}.amazonaws.com{suffix}/")).map_err(|error| {
        BuildError::SignIn {
            field: "region",
            problem: format!("has no endpoint of STS: {error}"),
            help: "Write `assume_role.url`.".to_owned(),
        }
    })
}

/// A word as AWS has them: it stands between the slashes of the credential's scope.
fn word(
    field: &'static str,
    template: &Template,
    example: &str,
    scope: &CallScope<'_>,
) -> Result<String, BuildError> {
    let text = text(template, scope)?;
    let word = text.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !word.is_empty() && word.chars().all(fits) {
        true => Ok(word.to_owned()),
        false => Err(BuildError::SignIn {
            field,
            problem: "is not a word of letters, digits and `-`, as AWS has them".to_owned(),
            help: format!("Write it as AWS does, such as {example}."),
        }),
    }
}

fn optional(
    template: Option<&Template>,
    scope: &CallScope<'_>,
) -> Result<Option<String>, BuildError> {
    template.map(|template| text(template, scope)).transpose()
}
