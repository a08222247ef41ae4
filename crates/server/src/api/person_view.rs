//! What admins see of a person: the account, and by what ways they come in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use store::{Digest, LinkedRecord, PersonRecord, SetUpLinkRecord};
use utoipa::ToSchema;

use crate::api::moment::Moment;
use crate::api::session::RoleName;
use crate::api::state::Api;
use crate::problem::Problem;

/// A person.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonView {
    #[schema(example = "ada")]
    pub(crate) login: String,
    role: RoleName,
    /// Whether they are kept out.
    disabled: bool,
    /// Whether they sign in with a password. Who has none and is linked with nothing has only been invited.
    has_password: bool,
    /// Whom they are at identity providers, the newest last.
    identities: Vec<LinkedView>,
    /// The link by which they set a password, where one works.
    pub(crate) set_up_link: Option<SetUpLinkView>,
    /// Raised by each change; also the ETag.
    pub(crate) version: u64,
    created_at: Moment,
}

/// Whom a person is at an identity provider.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkedView {
    #[schema(example = "Lxyabfk0_2tR8uQa")]
    id: String,
    /// The provider's title, or its issuer where the settings no longer name it.
    #[schema(example = "Example Corp")]
    provider: String,
    #[schema(example = "https://sso.example.org")]
    issuer: String,
    /// The subject there, which says no more than which account it is.
    subject: String,
    created_at: Moment,
}

/// A link by which a person sets a password of their own, once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetUpLinkView {
    /// The link itself; only where it was just made.
    #[schema(example = "https://gate.example.org/join#ticket=…")]
    pub(crate) url: Option<String>,
    created_at: Moment,
    expires_at: Moment,
}

/// What is known of people's ways in besides their passwords.
pub(crate) struct Ways {
    links: Vec<SetUpLinkRecord>,
    linked: Vec<LinkedRecord>,
}

impl Ways {
    /// Of all people.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn of_all(api: &Api) -> Result<Self, Problem> {
        Ok(Self {
            links: api.store.set_up_links().await?,
            linked: api.store.linked_people().await?,
        })
    }

    /// Of this person.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn of(api: &Api, login: &str) -> Result<Self, Problem> {
        Ok(Self {
            links: api.store.set_up_link_of(login).await?.into_iter().collect(),
            linked: api.store.linked_of(login).await?,
        })
    }

    /// What admins see of this person.
    pub(crate) fn view(&self, api: &Api, person: PersonRecord) -> PersonView {
        let linked = self.linked_of(&person.login);
        let link = self.links.iter().find(|link| link.login == person.login);
        PersonView {
            identities: linked.map(|linked| LinkedView::of(api, linked)).collect(),
            set_up_link: link.map(|link| SetUpLinkView::of(link, None)),
            has_password: !person.password.reveal().is_empty(),
            login: person.login,
            role: person.role.into(),
            disabled: person.disabled,
            version: person.version,
            created_at: Moment(person.created_at),
        }
    }

    /// The link with an identity provider that the API calls so.
    pub(crate) fn linked(&self, login: &str, id: &str) -> Option<&LinkedRecord> {
        self.linked_of(login).find(|linked| linked_id(linked) == id)
    }

    fn linked_of<'a>(&'a self, login: &str) -> impl Iterator<Item = &'a LinkedRecord> {
        self.linked
            .iter()
            .filter(move |linked| linked.login == login)
    }
}

impl LinkedView {
    fn of(api: &Api, linked: &LinkedRecord) -> Self {
        let mut known = api.sso.all().iter().map(|known| known.party.provider());
        let known = known.find(|provider| provider.issuer == linked.issuer);
        Self {
            id: linked_id(linked),
            provider: known.map_or_else(|| linked.issuer.clone(), |known| known.title.clone()),
            issuer: linked.issuer.clone(),
            subject: linked.subject.clone(),
            created_at: Moment(linked.created_at),
        }
    }
}

impl SetUpLinkView {
    /// With the link itself where it was just made.
    pub(crate) fn of(link: &SetUpLinkRecord, url: Option<String>) -> Self {
        Self {
            url,
            created_at: Moment(link.created_at),
            expires_at: Moment(link.expires_at),
        }
    }
}

/// What a link is called in addresses, which an issuer and a subject do not fit into.
fn linked_id(linked: &LinkedRecord) -> String {
    let both = format!("{}\0{}", linked.issuer, linked.subject);
    URL_SAFE_NO_PAD.encode(&Digest::of(both.as_bytes()).bytes()[..12])
}
