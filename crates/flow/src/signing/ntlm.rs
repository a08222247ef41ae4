//! An account for NTLM out of its templates.

use model::NtlmSignIn;
use outbound::{Account, Ntlm};
use secret::SecretString;
use template::{Place, Template};

use crate::request::BuildError;
use crate::scope::CallScope;

/// The account with its values.
pub(super) fn ntlm(settings: &NtlmSignIn, scope: &CallScope<'_>) -> Result<Ntlm, BuildError> {
    let text = |template: &Template| template.resolve_text(scope, Place::Text);
    let optional = |template: &Option<Template>| template.as_ref().map(text).transpose();
    let username = text(&settings.username)?;
    if username.is_empty() {
        return Err(BuildError::SignIn {
            field: "username",
            problem: "is empty, and NTLM has no accounts without a name".to_owned(),
            help: "Look at what its template gives.".to_owned(),
        });
    }
    let password = SecretString::new(text(&settings.password)?);
    let (domain, workstation) = (
        optional(&settings.domain)?,
        optional(&settings.workstation)?,
    );
    let account = Account::new(
        &username,
        password,
        domain.as_deref(),
        workstation.as_deref(),
    );
    Ok(Ntlm::new(account))
}
