//! Who an app's user is: by an identity provider that the app names, or by what the app itself signs for them.

use http::StatusCode;
use secret::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sso::{AssertionKeys, AssertionRules, Identity};
use store::{AppSsoRecord, Over, StoreError};

use crate::caller::is_user_name;
use crate::problem::Problem;
use crate::registry::App;
use crate::signing_in::SigningIn;
use crate::state::State;

/// What an identity's source is called that an app hands over.
const APP: &str = "app";

/// How an app's users are known. As it is stored, a later shape reads this one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppSso {
    /// At which identity provider they sign in on the managed auth screen.
    pub(crate) provider: Option<String>,
    /// Whether the screen lets nobody in who has not.
    pub(crate) required: bool,
    /// The claim that is the app's own name for a user.
    pub(crate) user_claim: String,
    /// What the app signs for its users.
    pub(crate) assertions: Option<Assertion>,
}

/// What an app signs for its users.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Assertion {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    /// Where the app's public keys are; none: it shares a key with us.
    pub(crate) keys_url: Option<String>,
    /// The claim that is the app's own name for a user.
    pub(crate) user_claim: String,
}

impl AppSso {
    /// How the users of this app are known, where that is set, and the key that it shares.
    pub(crate) async fn of(
        state: &State,
        app: &str,
    ) -> Result<Option<(Self, SecretString)>, Problem> {
        let Some(record) = state.store.app_sso(app).await? else {
            return Ok(None);
        };
        Ok(Some((Self::read(&record)?, record.shared_key)))
    }

    /// From what is stored.
    pub(crate) fn read(record: &AppSsoRecord) -> Result<Self, Problem> {
        serde_json::from_str(&record.settings).map_err(|error| Problem::internal(&error))
    }
}

/// The app's own name for whoever an identity provider knows.
pub(crate) fn user_of(claims: &Map<String, Value>, claim: &str) -> Result<String, Problem> {
    let named = claims.get(claim).and_then(Value::as_str);
    match named.filter(|named| is_user_name(named)) {
        Some(named) => Ok(named.to_owned()),
        None => Err(Problem::forbidden(
            "user_claim_unusable",
            format!("The claim `{claim}` is no name of 1 to 256 characters that can be seen."),
        )
        .help("The app's settings name the claim that is its own name for the user.")),
    }
}

/// Takes what an app signed for its user: who that is. Their identity is kept for flows that ask for it.
pub(crate) async fn hand_over(
    signing_in: &SigningIn,
    app: &App,
    token: &str,
) -> Result<String, Problem> {
    let state = &signing_in.state;
    let set = AppSso::of(state, &app.name).await?;
    let assertion = set.and_then(|(sso, key)| Some((sso.assertions?, key)));
    let Some((assertion, shared)) = assertion else {
        return Err(Problem::bad_request(
            "assertion_not_set_up",
            "Nothing says how an assertion of this app is checked.",
        )
        .help("Set it by PUT /api/apps/{name}/sso first."));
    };
    let rules = AssertionRules {
        issuer: assertion.issuer,
        audience: assertion.audience,
        keys: match assertion.keys_url {
            Some(address) => AssertionKeys::At(address),
            None => AssertionKeys::Shared(shared),
        },
    };
    let claims = state.sso.assertions().claims(&rules, token).await?;
    let user = user_of(&claims, &assertion.user_claim)?;
    let owner = app.owner(&user);
    let identity = identity(claims, token, state.clock.unix());
    loop {
        let kept = state.store.identity(&owner).await?;
        let version = kept.as_ref().map(|kept| kept.version);
        let kept = kept.and_then(|kept| Identity::from_bytes(&kept.content));
        // The same once more changes nothing, and neither does one from before it: tokens that were replaced stay so.
        if kept.is_some_and(|kept| kept.claims == identity.claims || is_older(&identity, &kept)) {
            return Ok(user);
        }
        let over = version.map_or(Over::None, Over::Version);
        let put = state.store.put_identity(&owner, over, identity.to_bytes());
        match put.await {
            Ok(_) => return Ok(user),
            // Another came in between, and may be the newer one.
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether the app signed what it hands over before what it handed over last.
fn is_older(identity: &Identity, kept: &Identity) -> bool {
    let signed_at = |of: &Identity| of.claims.get("iat").and_then(Value::as_f64);
    let both = signed_at(identity).zip(signed_at(kept));
    kept.source == APP && both.is_some_and(|(now, before)| now < before)
}

/// The claim `sso` carries the user's tokens; without, the assertion itself is their id_token.
fn identity(mut claims: Map<String, Value>, token: &str, now: i64) -> Identity {
    let carried = claims.shift_remove("sso").unwrap_or_default();
    let text = |name: &str| {
        let found = carried.get(name).and_then(Value::as_str);
        found.map(|found| SecretString::new(found.to_owned()))
    };
    let number = |name: &str| carried.get(name).and_then(Value::as_i64);
    let ends = number("expires_at").or(number("expires_in").map(|life| now.saturating_add(life)));
    Identity {
        source: APP.to_owned(),
        access_token: text("access_token"),
        id_token: Some(text("id_token").unwrap_or_else(|| SecretString::new(token.to_owned()))),
        refresh_token: None,
        expires_at: ends.or(claims.get("exp").and_then(Value::as_i64)),
        claims,
    }
}

/// Whoever signed in is another than the app's user that it is about.
pub(crate) fn somebody_else() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "somebody_else",
        "You signed in as somebody else than the app sent you here for.",
    )
    .help("Sign out at the identity provider, go back to the app, and begin again there.")
}
