//! A browser that is at an identity provider: kept in the store, sealed and for minutes, so that any process takes it back,
//! once, and from that browser alone.

use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use http::{HeaderMap, StatusCode};
use secret::SecretBytes;
use serde::{Deserialize, Serialize};
use sso::{Identity, Pending};
use store::Digest;
use url::Url;

use crate::problem::Problem;
use crate::screen::{Browser, Link};
use crate::signing_in::SigningIn;
use crate::single_sign_on::Known;

/// What tickets of this kind are filed under.
const KIND: &str = "sso";

/// How long somebody may take at the provider, in seconds.
const PATIENCE: i64 = 600;

/// A browser that is away.
#[derive(Serialize, Deserialize)]
pub(crate) struct Away {
    pending: String,
    browser: String,
    pub(crate) errand: Errand,
}

/// What it went for.
#[derive(Serialize, Deserialize)]
pub(crate) enum Errand {
    /// One of our people signs in.
    SignIn {
        /// A path of ours to go on at.
        return_to: String,
    },
    /// One of our people who is signed in will also come in this way.
    Link {
        /// Who.
        login: String,
        /// The id of the session in which they asked for it.
        session: String,
        /// A path of ours to go on at.
        return_to: String,
    },
    /// A user of an app says who they are.
    AppUser {
        /// The app.
        app: String,
        /// Who they are at the managed auth screen already.
        user: Option<String>,
        /// The link that led them here, which is used up.
        link: Option<Link>,
        /// The origin of the page of the app that opened the screen.
        host: Option<String>,
    },
}

impl Away {
    /// Notes that a browser goes to a provider, and says where.
    pub(crate) async fn begin(
        signing_in: &SigningIn,
        known: &Known,
        browser: &Browser,
        errand: Errand,
    ) -> Result<Url, Problem> {
        let name = &known.party.provider().name;
        let redirect_uri = signing_in.url(&format!("/sso/{name}/callback"));
        let (url, pending) = known.party.begin(&redirect_uri).await?;
        let away = Self {
            pending: String::from_utf8_lossy(pending.to_bytes().reveal()).into_owned(),
            browser: mark(browser),
            errand,
        };
        // Texts alone: JSON can hold them.
        let content = SecretBytes::new(serde_json::to_vec(&away).unwrap_or_default());
        let state = &signing_in.state;
        let until = state.clock.unix().saturating_add(PATIENCE);
        let hash = Digest::of(pending.state().reveal().as_bytes());
        state.store.put_ticket(hash, KIND, content, until).await?;
        Ok(url)
    }

    /// The same as a redirect, with what tells the browser from others.
    pub(crate) async fn go(
        signing_in: &SigningIn,
        known: &Known,
        headers: &HeaderMap,
        errand: Errand,
    ) -> Result<Response, Problem> {
        let browser = Browser::of(signing_in, headers);
        let url = Self::begin(signing_in, known, &browser, errand).await?;
        let mut response = Redirect::to(url.as_str()).into_response();
        browser.keep(None, &mut response);
        Ok(response)
    }

    /// Takes back the browser that comes to `back`, the whole URL: what it went for, and who it is now.
    pub(crate) async fn end(
        signing_in: &SigningIn,
        known: &Known,
        headers: &HeaderMap,
        back: &Url,
    ) -> Result<(Errand, Identity), Problem> {
        let states: Vec<_> = back
            .query_pairs()
            .filter(|(name, _)| name == "state")
            .map(|(_, value)| value.into_owned())
            .collect();
        let [state] = &states[..] else {
            return Err(unknown());
        };
        let store = &signing_in.state.store;
        let hash = Digest::of(state.as_bytes());
        // Looked at before it is taken: another browser must not be able to use it up.
        let seen = store.ticket(hash, KIND).await?.as_ref().and_then(read);
        let seen = seen.ok_or_else(unknown)?;
        let browser = Browser::shown(headers).as_ref().map(mark);
        if browser.as_ref() != Some(&seen.browser) {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "other_browser",
                "This sign-in was begun in another browser.",
            )
            .help("Finish it where it was begun, or start again here. Cookies must be allowed."));
        }
        let taken = store.take_ticket(hash, KIND).await?.as_ref().and_then(read);
        let taken = taken.ok_or_else(unknown)?;
        let pending = Pending::from_bytes(&SecretBytes::new(taken.pending.into_bytes()));
        let pending = pending.ok_or_else(unknown)?;
        if pending.provider() != known.party.provider().name {
            return Err(unknown());
        }
        let identity = known.party.finish(&pending, back).await?;
        Ok((taken.errand, identity))
    }
}

/// What a browser is known by.
fn mark(browser: &Browser) -> String {
    BASE64.encode(browser.hash().bytes())
}

fn read(content: &SecretBytes) -> Option<Away> {
    serde_json::from_slice(content.reveal()).ok()
}

fn unknown() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "sso_unknown",
        "This sign-in is not known, has ended, or was finished already.",
    )
    .help("Start again.")
}
