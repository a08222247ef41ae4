//! Whether this installation is sound: what `stepgate doctor` looks at, as far as a running server can tell.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::person::Admin;
use crate::api::state::Api;
use crate::doctor::{self, Finding};

/// What was looked at.
#[derive(Serialize, ToSchema)]
struct DoctorView {
    /// Whether all of it is sound.
    sound: bool,
    findings: Vec<DoctorFinding>,
}

/// One thing that was looked at.
#[derive(Serialize, ToSchema)]
struct DoctorFinding {
    #[schema(example = "clock")]
    what: &'static str,
    sound: bool,
    /// How it is, and what to do.
    detail: String,
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(look))
}

/// Looks whether this installation is sound
///
/// Asks each connector's API for the header of its base URL, without a credential.
#[utoipa::path(get, path = "/doctor", tag = "settings",
    responses((status = 200, description = "What was found.", body = DoctorView)))]
async fn look(State(api): State<Api>, _: Admin) -> axum::Json<DoctorView> {
    let engine = api.connections.engine();
    let snapshot = api.registry.snapshot();
    let apis = snapshot.entries().map(|entry| {
        let connector = &entry.definition.connector;
        (connector.name.clone(), connector.base_url.clone())
    });
    let reached = doctor::reach(engine, apis.collect()).await;
    let findings = [
        doctor::clock(api.clock.unix(), &reached),
        Finding {
            what: "store",
            sound: true,
            detail: "opens with this key".to_owned(),
        },
        doctor::sandbox(engine).await,
        doctor::egress(
            "private addresses are refused, but for those that `serve` was told",
            &reached,
        ),
        callback(&api),
        connectors(&api),
    ];
    axum::Json(DoctorView {
        sound: findings.iter().all(|finding| finding.sound),
        findings: findings.into_iter().map(DoctorFinding::from).collect(),
    })
}

fn callback(api: &Api) -> Finding {
    doctor::not_encrypted(&api.public_url).unwrap_or_else(|| Finding {
        what: doctor::CALLBACK,
        sound: true,
        detail: format!(
            "register {}callback/CONNECTOR with APIs that redirect back",
            api.public_url
        ),
    })
}

fn connectors(api: &Api) -> Finding {
    let snapshot = api.registry.snapshot();
    let wrong: Vec<_> = snapshot
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    Finding {
        what: "connectors",
        sound: wrong.is_empty(),
        detail: match wrong.is_empty() {
            true => format!(
                "{} are served as they are written",
                snapshot.entries().count()
            ),
            false => wrong.join("\n    "),
        },
    }
}

impl From<Finding> for DoctorFinding {
    fn from(finding: Finding) -> Self {
        Self {
            what: finding.what,
            sound: finding.sound,
            detail: finding.detail,
        }
    }
}
