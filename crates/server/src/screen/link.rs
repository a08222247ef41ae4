//! Links to the managed auth screen: signed, so that making one writes nothing, and good for one use within minutes.

use crate::signed::Signer;
use model::{Clock, Random};
use serde::{Deserialize, Serialize};
use store::{Digest, Store, StoreError};
use url::Url;

/// How long a link may be used, in seconds.
pub(crate) const LINK_SECONDS: i64 = 300;

const PURPOSE: &str = "auth-link";

/// Makes links and takes them back. Cheap to clone.
#[derive(Clone)]
pub(crate) struct AuthLinks {
    signer: Signer,
    clock: Clock,
    random: Random,
    public_url: Url,
}

/// What a link says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// The app.
    pub(crate) app: String,
    /// Its user.
    pub(crate) user: String,
    /// Where to send the browser at the end: one of the app's addresses, to the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) return_to: Option<String>,
    /// The connector that it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) connector: Option<String>,
    /// The environment in which connectors are signed in to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) environment: Option<String>,
    /// The run that it leads to, where it leads past the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<String>,
    nonce: String,
    expires_at: i64,
}

impl Link {
    /// What a link of this user would say that leads nowhere but to the screen.
    pub(crate) fn nowhere(app: &str, user: &str) -> Self {
        Self {
            app: app.to_owned(),
            user: user.to_owned(),
            return_to: None,
            connector: None,
            environment: None,
            run: None,
            nonce: String::new(),
            expires_at: 0,
        }
    }

    /// When it was made.
    pub(crate) fn issued_at(&self) -> i64 {
        self.expires_at - LINK_SECONDS
    }
}

/// A link as it was made.
#[derive(Clone, Debug)]
pub(crate) struct MadeLink {
    /// The address to open.
    pub(crate) url: Url,
    /// Until when, in Unix seconds.
    pub(crate) expires_at: i64,
}

/// Why a link is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LinkRefused {
    /// Not one of ours, or changed.
    Forged,
    /// Too old.
    Expired,
}

impl AuthLinks {
    /// Reads the key that all processes of this store share.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn open(
        store: &Store,
        clock: Clock,
        random: Random,
        public_url: Url,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            signer: Signer::new(store.server_secret("auth-links").await?),
            clock,
            random,
            public_url,
        })
    }

    /// A link for a user of an app. Whoever calls has made sure that `return_to` is one of the app's addresses.
    #[must_use]
    pub(crate) fn make(
        &self,
        app: &str,
        user: &str,
        return_to: Option<&str>,
        connector: Option<&str>,
        environment: Option<&str>,
    ) -> MadeLink {
        self.sign(Link {
            return_to: return_to.map(str::to_owned),
            connector: connector.map(str::to_owned),
            environment: environment.map(str::to_owned),
            ..self.link(app, user)
        })
    }

    /// A link that leads a user to a run of theirs.
    #[must_use]
    pub(crate) fn make_for_run(
        &self,
        app: &str,
        user: &str,
        connector: &str,
        environment: Option<&str>,
        run: &str,
    ) -> MadeLink {
        self.sign(Link {
            connector: Some(connector.to_owned()),
            environment: environment.map(str::to_owned),
            run: Some(run.to_owned()),
            ..self.link(app, user)
        })
    }

    fn link(&self, app: &str, user: &str) -> Link {
        Link {
            app: app.to_owned(),
            user: user.to_owned(),
            return_to: None,
            connector: None,
            environment: None,
            run: None,
            nonce: self.random.base64url(16),
            expires_at: self.clock.unix() + LINK_SECONDS,
        }
    }

    fn sign(&self, link: Link) -> MadeLink {
        let (app, expires_at) = (&link.app, link.expires_at);
        let content = serde_json::to_vec(&link).unwrap_or_default();
        let mut url = self.public_url.clone();
        url.set_path(&format!(
            "{}/auth/{app}",
            self.public_url.path().trim_end_matches('/')
        ));
        url.query_pairs_mut()
            .append_pair("link", &self.signer.sign(PURPOSE, &content));
        MadeLink { url, expires_at }
    }

    /// What a link for this app says. It is not spent by looking at it: a program that previews links must not.
    pub(crate) fn read(&self, app: &str, link: &str) -> Result<Link, LinkRefused> {
        let link: Link = self
            .signer
            .open(PURPOSE, link)
            .and_then(|content| serde_json::from_slice(&content).ok())
            .filter(|link: &Link| link.app == app)
            .ok_or(LinkRefused::Forged)?;
        if link.expires_at <= self.clock.unix() {
            return Err(LinkRefused::Expired);
        }
        Ok(link)
    }

    /// Uses a link up; false where it was used before.
    pub(crate) async fn spend(&self, store: &Store, link: &Link) -> Result<bool, StoreError> {
        store
            .spend(Digest::of(link.nonce.as_bytes()), link.expires_at)
            .await
    }
}

impl std::fmt::Debug for AuthLinks {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AuthLinks")
    }
}

#[cfg(test)]
mod tests {
    use super::{AuthLinks, Clock, LINK_SECONDS, LinkRefused, Random, Signer};
    use secret::SecretBytes;
    use std::time::{Duration, UNIX_EPOCH};

    fn links(at: u64) -> AuthLinks {
        AuthLinks {
            signer: Signer::new(SecretBytes::new(vec![1; 32])),
            clock: Clock::new(move || UNIX_EPOCH + Duration::from_secs(at)),
            random: Random::new(testkit::FixedRandom::seeded(1).source()),
            public_url: "https://gate.example.org/".parse().unwrap(),
        }
    }

    #[test]
    fn a_link_is_for_one_app_and_for_minutes() {
        let made = links(1_000).make("shop", "u&1", Some("https://shop.example.org/"), None, None);
        assert_eq!(made.url.path(), "/auth/shop");
        let (_, link) = made.url.query_pairs().next().unwrap();
        let read = |at: u64, app: &str| links(at).read(app, &link);
        let found = read(1_000, "shop").unwrap();
        assert_eq!(
            (found.user.as_str(), found.return_to.as_deref()),
            ("u&1", Some("https://shop.example.org/"))
        );
        assert_eq!(read(1_000, "blog"), Err(LinkRefused::Forged));
        let end = 1_000 + u64::try_from(LINK_SECONDS).unwrap();
        assert!(read(end - 1, "shop").is_ok());
        assert_eq!(read(end, "shop"), Err(LinkRefused::Expired));
        assert_eq!(links(1_000).read("shop", "x.y"), Err(LinkRefused::Forged));
    }
}
