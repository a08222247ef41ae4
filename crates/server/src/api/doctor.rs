//! Whether this installation is sound: what `stepgate doctor` looks at, and what only a running server can tell.

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
pub(crate) struct DoctorFinding {
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
/// Says what `stepgate doctor` says. Asks each connector's API for the header of its base URL, without a credential, each
/// identity provider for its description, and its own address whether it is reached there.
#[utoipa::path(get, path = "/doctor", tag = "settings",
    responses((status = 200, description = "What was found.", body = DoctorView)))]
async fn look(State(api): State<Api>, _: Admin) -> axum::Json<DoctorView> {
    let engine = api.connections.engine();
    let installation = &api.installation;
    let snapshot = api.registry.snapshot();
    let apis = snapshot.entries().map(|entry| {
        let connector = &entry.definition.connector;
        (connector.name.clone(), connector.base_url.clone())
    });
    let known = api.sso.all().iter();
    let parties: Vec<_> = known
        .map(|known| (&known.party, known.admission.is_some()))
        .collect();
    let set = api.public_url_is_set.then_some(&api.public_url);
    let (reached, sandbox, callback, single_sign_on) = tokio::join!(
        doctor::reach(engine, apis.collect()),
        doctor::sandbox(engine),
        doctor::callback(set, installation.own.as_ref()),
        doctor::single_sign_on(&parties, Some(&api.public_url)),
    );
    let mut findings = vec![
        doctor::clock(api.clock.unix(), &reached),
        doctor::key(&installation.key).await,
    ];
    if let Some(dir) = &installation.data_dir {
        findings.push(doctor::data_folder(dir).await);
    }
    findings.extend([
        Finding {
            what: "store",
            sound: true,
            detail: "opens with this key".to_owned(),
        },
        sandbox,
        doctor::egress(&doctor::policy(&installation.allow_private), &reached),
        doctor::proxy(&installation.proxies),
        callback,
        single_sign_on,
        connectors(&api),
    ]);
    axum::Json(DoctorView {
        sound: findings.iter().all(|finding| finding.sound),
        findings: findings.into_iter().map(DoctorFinding::from).collect(),
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
            true => served(snapshot.entries().count()),
            false => wrong.join("\n    "),
        },
    }
}

fn served(count: usize) -> String {
    match count {
        0 => "there are none yet".to_owned(),
        1 => "1 is served as it is written".to_owned(),
        many => format!("{many} are served as they are written"),
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

#[cfg(test)]
mod tests {
    use super::served;

    #[test]
    fn none_one_and_many_are_told_in_english() {
        let table = [
            (0, "there are none yet"),
            (1, "1 is served as it is written"),
            (2, "2 are served as they are written"),
        ];
        for (count, expected) in table {
            assert_eq!(served(count), expected);
        }
    }
}
