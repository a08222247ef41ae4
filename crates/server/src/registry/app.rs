//! An app as calls see it: a registered caller with its own published set of connectors.

use crate::api::app_address::permitted;

/// A registered caller.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct App {
    /// `[a-z][a-z0-9-]*`; the first half of `APP/USER`.
    pub name: String,
    /// What people read.
    pub title: String,
    /// Origins that its pages call from, such as `https://app.example.org`.
    pub origins: Vec<String>,
    /// Where the managed auth screen may send people back to, to the letter.
    pub return_addresses: Vec<String>,
    /// The connectors that it may use.
    pub connectors: Vec<Published>,
    /// Whether its pages show the managed auth screen at start.
    pub screen_at_start: bool,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
}

/// A connector that an app may use.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Published {
    /// The connector.
    pub connector: String,
    /// Whether the managed auth screen asks for it.
    pub selected: bool,
}

impl App {
    /// Whether it may use this connector.
    #[must_use]
    pub fn publishes(&self, connector: &str) -> bool {
        self.connectors
            .iter()
            .any(|published| published.connector == connector)
    }

    /// Whether its pages come from this origin.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed == origin)
    }

    /// Whether people may be sent back to this address. To the letter: what is merely like it may be another's.
    #[must_use]
    pub fn returns_to(&self, address: &str) -> bool {
        permitted(&self.return_addresses, address).is_some()
    }

    /// Whether what was issued then in its name was issued for it, not for an earlier app of the same name.
    #[must_use]
    pub fn issued(&self, at: i64) -> bool {
        self.created_at <= at
    }

    /// The owner text of the connections of one of its users.
    #[must_use]
    pub fn owner(&self, user: &str) -> String {
        format!("{}/{user}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::App;

    #[test]
    fn what_an_earlier_app_of_the_name_issued_is_not_its_own() {
        let app = App {
            name: "shop".to_owned(),
            title: String::new(),
            origins: Vec::new(),
            return_addresses: Vec::new(),
            connectors: Vec::new(),
            screen_at_start: false,
            created_at: 1_000,
        };
        for (at, own) in [(999, false), (1_000, true), (1_001, true)] {
            assert_eq!(app.issued(at), own, "{at}");
        }
    }
}
