//! Where a credential is kept, and what its row in the store says of that.
//!
//! What a browser keeps is in its row only until the browser first shows it; then the row holds no credential at all.
//! Until then the row says whether a sign-in or a renewal brought it: what a sign-in brought goes to whoever is
//! signed in as its owner, as the browser that will keep it has nothing to show yet; what a renewal brought goes only to
//! who shows the one before.

use crate::connections::Connections;
use crate::error::ConnectionError;
use model::{Connector, KeepIn};
use secret::SecretBytes;
use store::{ConnectionRecord, Sealed};

/// Where a credential is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kept {
    /// In the store.
    Here,
    /// In a browser; a sign-in brought this, and no browser has shown it yet.
    SignedIn,
    /// In a browser; a renewal brought this, and no browser has shown it yet.
    Renewed,
}

/// The first byte of what is sealed. What is kept here has none: it begins as JSON does.
const SIGNED_IN: u8 = b'S';
const RENEWED: u8 = b'R';

impl Kept {
    /// Where what a sign-in brought is kept.
    pub(crate) fn after_sign_in(connector: &Connector, owner: &str) -> Self {
        match keeps_in_browser(connector, owner) {
            true => Self::SignedIn,
            false => Self::Here,
        }
    }

    /// Where what a renewal brought is kept.
    pub(crate) fn after_renewal(connector: &Connector, owner: &str) -> Self {
        match keeps_in_browser(connector, owner) {
            true => Self::Renewed,
            false => Self::Here,
        }
    }

    pub(crate) fn is_in_browser(self) -> bool {
        self != Self::Here
    }

    /// What is sealed into the row.
    pub(crate) fn mark(self, credential: SecretBytes) -> SecretBytes {
        let mark = match self {
            Self::Here => return credential,
            Self::SignedIn => SIGNED_IN,
            Self::Renewed => RENEWED,
        };
        let mut bytes = Vec::with_capacity(credential.reveal().len() + 1);
        bytes.push(mark);
        bytes.extend_from_slice(credential.reveal());
        SecretBytes::new(bytes)
    }

    /// What was sealed into the row.
    pub(crate) fn read(bytes: SecretBytes) -> (Self, SecretBytes) {
        let kept = match bytes.reveal().first() {
            Some(&SIGNED_IN) => Self::SignedIn,
            Some(&RENEWED) => Self::Renewed,
            _ => return (Self::Here, bytes),
        };
        let rest = bytes.reveal().get(1..).unwrap_or_default().to_vec();
        (kept, SecretBytes::new(rest))
    }
}

impl Connections {
    /// Whether a browser has shown what it keeps: then there is none in the row.
    pub(crate) fn is_handed_over(record: &ConnectionRecord) -> bool {
        record.sealed == Sealed::default()
    }
}

/// Only an app's user has a browser that could keep it: the terminal and builders keep theirs here.
pub(crate) fn keeps_in_browser(connector: &Connector, owner: &str) -> bool {
    let of_an_app = owner
        .split_once('/')
        .is_some_and(|(app, _)| app != "people");
    connector.connection.keep_in == KeepIn::Browser && of_an_app
}

/// What is said to who shows nothing that opens.
pub(crate) fn not_shown() -> ConnectionError {
    ConnectionError::SignInRequired {
        reason: "The browser keeps this credential, and has not shown it.".to_owned(),
    }
}
