//! The account of one of our people who came back from an identity provider. Who they are is the provider's subject, never
//! a name that somebody else may get.

use http::StatusCode;
use sso::Identity;
use store::{PersonRecord, PersonUpdate, Role, StoreError};

use crate::api::Api;
use crate::api::value;
use crate::problem::Problem;
use crate::single_sign_on::Admission;

/// The account, made at the first time; its role is what the provider says now.
pub(crate) async fn enter(
    api: &Api,
    admission: &Admission,
    identity: &Identity,
) -> Result<PersonRecord, Problem> {
    let role = admission
        .judge(&identity.claims)
        .map_err(|why| Problem::forbidden("not_admitted", why.to_string()))?;
    let store = &api.store;
    let known = store
        .login_of(identity.issuer(), identity.subject())
        .await?;
    let Some(login) = known else {
        return make(api, admission, identity, role).await;
    };
    let person = store
        .person(&login)
        .await?
        .filter(|person| !person.disabled);
    let person = person.ok_or_else(|| {
        Problem::forbidden("not_admitted", "This account is kept out.").help("Ask an admin.")
    })?;
    if admission.role_claim.is_none() || person.role == role {
        return Ok(person);
    }
    let update = PersonUpdate {
        role: Some(role),
        ..PersonUpdate::default()
    };
    match store.update_person(&login, person.version, update).await {
        Ok(person) => Ok(person),
        Err(StoreError::LastAdmin) => {
            tracing::warn!(
                login,
                "the last admin stays one, whatever the identity provider says"
            );
            Ok(person)
        }
        Err(error) => Err(error.into()),
    }
}

async fn make(
    api: &Api,
    admission: &Admission,
    identity: &Identity,
    role: Role,
) -> Result<PersonRecord, Problem> {
    let claim = &admission.login_claim;
    let login = identity
        .claim(claim)
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !value::is_login(&login) {
        return Err(Problem::forbidden(
            "login_unusable",
            format!("The claim `{claim}` of the identity provider cannot be a login here."),
        )
        .help(
            "An operator names another by `login_claim`: at most 64 of a-z, 0-9 and . _ @ + -.",
        ));
    }
    let made = api
        .store
        .create_person_of(&login, role, identity.issuer(), identity.subject())
        .await;
    match made {
        Ok(person) => {
            tracing::info!(
                login,
                role = role.name(),
                "a person came in by single sign-on"
            );
            Ok(person)
        }
        // Whose account that is nobody has proved: a name may be given to another.
        Err(StoreError::Taken { .. }) => Err(Problem::new(
            StatusCode::CONFLICT,
            "account_not_linked",
            format!("There is an account `{login}` already that does not come in this way."),
        )
        .help("Sign in to it as until now, and link it with the identity provider there.")),
        Err(error) => Err(error.into()),
    }
}
