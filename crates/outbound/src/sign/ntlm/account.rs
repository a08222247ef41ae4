//! Who signs in with NTLM.

use secret::SecretString;

/// An account, as its owner types it.
#[derive(Clone, Debug)]
pub struct Account {
    pub(super) username: String,
    pub(super) domain: String,
    pub(super) workstation: String,
    password: SecretString,
}

impl Account {
    /// An account. Without a domain of its own, a user name `DOMAIN\name` brings one along;
    /// `name@domain` stays whole, for the server to take apart.
    #[must_use]
    pub fn new(
        username: &str,
        password: SecretString,
        domain: Option<&str>,
        workstation: Option<&str>,
    ) -> Self {
        let (domain, username) = match (domain, username.split_once('\\')) {
            (None | Some(""), Some((domain, name))) => (domain, name),
            (domain, _) => (domain.unwrap_or_default(), username),
        };
        Self {
            username: username.to_owned(),
            domain: domain.to_owned(),
            workstation: workstation.unwrap_or_default().to_owned(),
            password,
        }
    }

    /// The password in the clear.
    pub(crate) fn password(&self) -> &str {
        self.password.reveal()
    }

    /// Domain and user name, as one text.
    pub(crate) fn full_name(&self) -> String {
        format!("{}\\{}", self.domain, self.username)
    }
}

impl PartialEq for Account {
    fn eq(&self, other: &Self) -> bool {
        let plain = |account: &Self| {
            let Self {
                username,
                domain,
                workstation,
                ..
            } = account.clone();
            (username, domain, workstation)
        };
        plain(self) == plain(other) && self.password() == other.password()
    }
}

impl Eq for Account {}

#[cfg(test)]
mod tests {
    use secret::SecretString;

    use super::Account;

    #[test]
    fn a_domain_stands_alone_or_before_the_name() {
        for (username, domain, expected) in [
            ("alice", None, ("", "alice")),
            ("alice", Some("CORP"), ("CORP", "alice")),
            ("CORP\\alice", None, ("CORP", "alice")),
            ("CORP\\alice", Some(""), ("CORP", "alice")),
            ("a\\b", Some("CORP"), ("CORP", "a\\b")),
            ("alice@corp.example", None, ("", "alice@corp.example")),
        ] {
            let password = SecretString::new("hunter2".to_owned());
            let account = Account::new(username, password, domain, None);
            assert_eq!((&*account.domain, &*account.username), expected);
            assert!(!format!("{account:?}").contains("hunter2"));
        }
    }
}
