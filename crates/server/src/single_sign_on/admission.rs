//! Who of an identity provider's people is ours, and as what.

use serde_json::{Map, Value};
use store::Role;

/// Who of an identity provider's people may build and run connectors. Where it says nothing, it admits nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    /// Domains of mail addresses, which the provider must have verified; none: any.
    pub domains: Vec<String>,
    /// The claim that says what somebody is: a text, or a list of texts such as groups.
    pub role_claim: Option<String>,
    /// Values of it that make an admin.
    pub admins: Vec<String>,
    /// Values of it that make a builder.
    pub builders: Vec<String>,
    /// The claim that becomes the login.
    pub login_claim: String,
}

/// Why somebody is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAdmitted {
    #[error("The identity provider does not say that it has verified a mail address of yours.")]
    Unverified,
    #[error("Your mail address is not of a domain that is admitted here.")]
    Domain,
    #[error("None of your roles or groups is admitted here.")]
    Role,
    #[error("Nobody is admitted by this identity provider.")]
    Nobody,
}

impl Admission {
    /// Whether it says who is admitted.
    #[must_use]
    pub fn says_who(&self) -> bool {
        !self.domains.is_empty() || self.role_claim.is_some()
    }

    /// What somebody with these claims may do.
    pub(crate) fn judge(&self, claims: &Map<String, Value>) -> Result<Role, NotAdmitted> {
        if !self.says_who() {
            return Err(NotAdmitted::Nobody);
        }
        if !self.domains.is_empty() {
            let verified = match claims.get("email_verified") {
                Some(Value::Bool(verified)) => *verified,
                // As some providers write it.
                Some(Value::String(text)) => text == "true",
                _ => false,
            };
            let address = claims.get("email").and_then(Value::as_str);
            let domain = address.and_then(|address| address.rsplit_once('@'));
            let Some((_, domain)) = domain.filter(|_| verified) else {
                return Err(NotAdmitted::Unverified);
            };
            let is_ours = |ours: &String| ours.eq_ignore_ascii_case(domain);
            if !self.domains.iter().any(is_ours) {
                return Err(NotAdmitted::Domain);
            }
        }
        let Some(claim) = &self.role_claim else {
            return Ok(Role::Builder);
        };
        let claimed: Vec<&str> = match claims.get(claim) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let has = |wanted: &[String]| wanted.iter().any(|one| claimed.contains(&one.as_str()));
        match (has(&self.admins), has(&self.builders)) {
            (true, _) => Ok(Role::Admin),
            (false, true) => Ok(Role::Builder),
            (false, false) => Err(NotAdmitted::Role),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Admission, NotAdmitted, Role};
    use serde_json::{Value, json};

    fn judge(admission: &Admission, claims: Value) -> Result<Role, NotAdmitted> {
        admission.judge(claims.as_object().unwrap())
    }

    #[test]
    fn attack_13_a_domain_counts_only_in_an_address_that_was_verified() {
        let ours = Admission {
            domains: vec!["example.org".into()],
            ..Admission::default()
        };
        let table = [
            (
                json!({ "email": "a@example.org", "email_verified": true }),
                Ok(Role::Builder),
            ),
            (
                json!({ "email": "a@EXAMPLE.org", "email_verified": "true" }),
                Ok(Role::Builder),
            ),
            (
                json!({ "email": "a@example.org", "email_verified": false }),
                Err(NotAdmitted::Unverified),
            ),
            (
                json!({ "email": "a@example.org" }),
                Err(NotAdmitted::Unverified),
            ),
            (
                json!({ "email_verified": true }),
                Err(NotAdmitted::Unverified),
            ),
            (
                json!({ "email": "a@sub.example.org", "email_verified": true }),
                Err(NotAdmitted::Domain),
            ),
            (
                json!({ "email": "a@example.org@evil.example", "email_verified": true }),
                Err(NotAdmitted::Domain),
            ),
        ];
        for (claims, expected) in table {
            assert_eq!(judge(&ours, claims.clone()), expected, "{claims}");
        }
    }

    #[test]
    fn a_claim_says_what_somebody_is() {
        let ours = Admission {
            role_claim: Some("groups".into()),
            admins: vec!["ops".into()],
            builders: vec!["dev".into(), "qa".into()],
            ..Admission::default()
        };
        let table = [
            (json!({ "groups": ["qa"] }), Ok(Role::Builder)),
            (json!({ "groups": ["qa", "ops"] }), Ok(Role::Admin)),
            (json!({ "groups": "dev" }), Ok(Role::Builder)),
            (json!({ "groups": ["devs"] }), Err(NotAdmitted::Role)),
            (json!({ "groups": { "ops": true } }), Err(NotAdmitted::Role)),
            (json!({}), Err(NotAdmitted::Role)),
        ];
        for (claims, expected) in table {
            assert_eq!(judge(&ours, claims.clone()), expected, "{claims}");
        }
        let nobody = judge(&Admission::default(), json!({ "groups": ["ops"] }));
        assert_eq!(nobody, Err(NotAdmitted::Nobody));
    }
}
