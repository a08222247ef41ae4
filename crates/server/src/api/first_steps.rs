//! The first steps after set-up: what is still to be done until the first sign-in works. What only a person can know, such
//! as whether a copy of the key is kept, they note here.

use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::doctor::DoctorFinding;
use crate::api::person::{Admin, Person};
use crate::api::state::Api;
use crate::doctor;
use crate::problem::Problem;

/// How far the first steps are.
#[derive(Serialize, ToSchema)]
struct FirstSteps {
    /// Whether you need them no more.
    dismissed: bool,
    /// Where browsers reach the server, as far as it knows. It has to be the address that yours shows.
    #[schema(example = "https://gate.example.org")]
    public_url: String,
    /// Why browsers would keep no sign-in at that address, where they would not.
    address: Option<DoctorFinding>,
    /// Where the master key comes from.
    key: DoctorFinding,
    /// Whether an admin has noted that a copy of it is kept elsewhere.
    key_kept: bool,
    /// The demonstration, where the server was started with one.
    example: Option<ExampleApi>,
    /// Whether anybody is signed in to any connector. Who has to sign in again is not.
    signed_in: bool,
}

/// A connector whose API comes with the binary.
#[derive(Serialize, ToSchema)]
struct ExampleApi {
    #[schema(example = "demo")]
    connector: String,
    /// The one user that the API knows.
    user: String,
    /// That user's password, which is no secret.
    password: String,
}

/// What can be noted.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FirstStepMark {
    /// You need the first steps no more.
    Dismissed,
    /// A copy of the master key is kept apart from the data.
    KeyKept,
}

impl FirstStepMark {
    fn name(self) -> &'static str {
        match self {
            Self::Dismissed => "first_steps.dismissed",
            Self::KeyKept => "first_steps.key_kept",
        }
    }
}

/// The routes of this file.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(look))
        .routes(routes!(note, forget))
}

/// Tells how far the first steps are
#[utoipa::path(get, path = "/first-steps", tag = "settings",
    responses((status = 200, description = "How far they are.", body = FirstSteps)))]
async fn look(
    State(api): State<Api>,
    person: Person,
    _: Admin,
) -> Result<axum::Json<FirstSteps>, Problem> {
    let marked = |mark: FirstStepMark| api.store.marked_by(mark.name());
    let dismissed = marked(FirstStepMark::Dismissed).await?;
    let installation = &api.installation;
    Ok(axum::Json(FirstSteps {
        dismissed: dismissed.contains(&person.login),
        public_url: api.public_url.as_str().trim_end_matches('/').to_owned(),
        address: doctor::not_encrypted(&api.public_url).map(DoctorFinding::from),
        key: doctor::key(&installation.key).await.into(),
        key_kept: !marked(FirstStepMark::KeyKept).await?.is_empty(),
        example: installation.demonstration.as_ref().map(|it| ExampleApi {
            connector: it.connector.clone(),
            user: it.user.clone(),
            password: it.password.clone(),
        }),
        signed_in: api.store.is_anybody_signed_in().await?,
    }))
}

/// Notes one of the first steps, for yourself
#[utoipa::path(put, path = "/first-steps/{mark}", tag = "settings",
    params(("mark" = inline(FirstStepMark), Path, description = "What.")),
    responses((status = 204, description = "Noted.")))]
async fn note(
    State(api): State<Api>,
    person: Person,
    _: Admin,
    Path(mark): Path<FirstStepMark>,
) -> Result<StatusCode, Problem> {
    api.store.put_mark(&person.login, mark.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes such a note back
#[utoipa::path(delete, path = "/first-steps/{mark}", tag = "settings",
    params(("mark" = inline(FirstStepMark), Path, description = "What.")),
    responses((status = 204, description = "It is noted no more.")))]
async fn forget(
    State(api): State<Api>,
    person: Person,
    _: Admin,
    Path(mark): Path<FirstStepMark>,
) -> Result<StatusCode, Problem> {
    api.store.delete_mark(&person.login, mark.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}
