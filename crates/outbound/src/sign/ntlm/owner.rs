//! Whose a connection is that NTLM has signed in.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Account;

/// NTLM with its account. A connection that is signed in serves one credential alone, and is
/// closed after one exchange unless that credential has a name.
#[derive(Clone, Debug)]
pub struct Ntlm {
    pub(crate) account: Account,
    pub(crate) owner: Option<Arc<Owner>>,
}

impl Ntlm {
    /// Signs in as this account.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self {
            account,
            owner: None,
        }
    }

    /// Keeps connections for the next exchange of the same credential, such as a connection's id.
    pub(crate) fn keep_for(&mut self, credential: &str) {
        self.owner = Some(Arc::new(Owner {
            credential: credential.to_owned(),
            account: self.account.clone(),
        }));
    }
}

/// A credential, and the account that it signs in as: with another password it is another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    credential: String,
    account: Account,
}

impl Hash for Owner {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.credential.hash(state);
        self.account.full_name().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use secret::SecretString;

    use super::{Account, Ntlm};

    fn owned(credential: &str, username: &str, password: &str, domain: &str) -> Ntlm {
        let password = SecretString::new(password.to_owned());
        let mut ntlm = Ntlm::new(Account::new(username, password, Some(domain), None));
        ntlm.keep_for(credential);
        ntlm
    }

    #[test]
    fn attack_39_only_the_same_credential_and_account_are_the_same_owner() {
        let one = owned("c1", "alice", "p", "CORP");
        assert_eq!(one.owner, owned("c1", "alice", "p", "CORP").owner);
        for other in [
            owned("c2", "alice", "p", "CORP"),
            owned("c1", "bob", "p", "CORP"),
            owned("c1", "alice", "q", "CORP"),
            owned("c1", "alice", "p", "HOME"),
        ] {
            assert_ne!(one.owner, other.owner);
        }
    }
}
