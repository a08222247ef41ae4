//! Example definitions that the page offers to begin with: those of the folder `examples`, as they were when this was built.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::person::Person;
use crate::api::state::Api;

/// Example definitions.
#[derive(Serialize, ToSchema)]
struct Examples {
    /// By name.
    examples: Vec<ExampleView>,
}

/// An example definition.
#[derive(Serialize, ToSchema)]
struct ExampleView {
    #[schema(example = "mediawiki")]
    name: &'static str,
    /// What it shows, in one sentence.
    title: &'static str,
    /// The definition, comments included.
    text: &'static str,
}

macro_rules! example {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../../examples/", $name, ".yaml")),
        )
    };
}

/// The examples by name.
const EXAMPLES: &[(&str, &str)] = &[
    example!("api-key-basic"),
    example!("aws-sigv4"),
    example!("callback"),
    example!("client-credentials"),
    example!("device-code"),
    example!("digest"),
    example!("django-admin"),
    example!("double-submit-body"),
    example!("dpop"),
    example!("graphql-connector"),
    example!("graphql-login"),
    example!("hawk"),
    example!("hmac"),
    example!("js-signature"),
    example!("jwt-bearer"),
    example!("jwt-expiry"),
    example!("mediawiki"),
    example!("mutual-tls"),
    example!("ntlm"),
    example!("oauth1"),
    example!("oauth2"),
    example!("oidc-provider"),
    example!("oidc-provider-public"),
    example!("one-time-code"),
    example!("push-approval"),
    example!("signed-client"),
    example!("sms-code"),
    example!("sso-token"),
    example!("step-up"),
    example!("token-exchange"),
    example!("totp"),
];

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Lists example definitions
#[utoipa::path(get, path = "/examples", tag = "editor",
    responses((status = 200, description = "Definitions to begin with.", body = Examples)))]
async fn list(_: Person) -> axum::Json<Examples> {
    let examples = EXAMPLES.iter().map(|&(name, text)| ExampleView {
        name,
        title: title(text),
        text,
    });
    axum::Json(Examples {
        examples: examples.collect(),
    })
}

/// The first line, which is a comment that says what the example shows.
fn title(text: &str) -> &str {
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches(['#', ' ']).trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::{EXAMPLES, title};

    #[test]
    fn no_example_is_left_out() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
        let names = std::fs::read_dir(folder).unwrap().filter_map(|file| {
            let path = file.unwrap().path();
            let is_one = path.extension().is_some_and(|it| it == "yaml");
            is_one.then(|| path.file_stem().unwrap().to_string_lossy().into_owned())
        });
        let mut names: Vec<_> = names.collect();
        names.sort();
        let listed: Vec<_> = EXAMPLES.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, names);
    }

    #[test]
    fn every_example_says_what_it_shows_and_has_no_error() {
        for (name, text) in EXAMPLES {
            assert!(text.starts_with("# ") && title(text).len() > 10, "{name}");
            let reading = model::read(&model::Source::new(*name, *text));
            assert!(
                reading.connector.is_some(),
                "{name}: {:?}",
                reading.problems
            );
        }
    }
}
