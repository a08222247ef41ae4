//! Single sign-on in a browser: an app's user goes to the identity provider that the app names, and where all come back,
//! our own people too.

use crate::api::{Api, Peer, end_shown, open_session};
use crate::problem::Problem;
use crate::registry::App;
use crate::screen::entering::{Coming, find, first_page};
use crate::screen::language::Language;
use crate::screen::layout::{Page, app_title};
use crate::screen::link::Link;
use crate::screen::refused::Refused;
use crate::screen::visitor::{Browser, Visitor};
use crate::signing_in::{PEOPLE, SigningIn};
use crate::single_sign_on::{AppSso, Away, Errand, Known, enter, somebody_else, user_of};
use axum::extract::{OriginalUri, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, StatusCode};
use maud::html;
use sso::Identity;
use store::{Over, SessionOf};

/// Who an app says that a browser is, and what for it opened the screen.
struct Named {
    app: String,
    user: Option<String>,
    link: Option<Link>,
    host: Option<String>,
}

/// Sends a browser out to the identity provider of an app.
pub(crate) async fn start(
    State(signing_in): State<SigningIn>,
    Peer(address): Peer,
    Path(app): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let set = AppSso::of(&signing_in.state, &app.name).await?;
    let known = set.as_ref().and_then(|(sso, _)| provider(&signing_in, sso));
    let known = known.ok_or_else(|| Problem::not_found("page"))?;
    signing_in
        .api
        .throttle
        .admit_from(address)
        .map_err(Problem::too_many_tries)?;
    let visitor = Visitor::of(&signing_in, &app, &headers).await?;
    let errand = Errand::AppUser {
        app: app.name.clone(),
        user: visitor.map(|visitor| crate::signing_in::user(&visitor.owner).to_owned()),
        link: None,
        host: None,
    };
    Ok(Away::go(&signing_in, known, &headers, errand).await?)
}

/// What a browser with a link is told whose user has to sign in at the identity provider first: it goes on there. The link
/// is used up, and what it says goes along.
pub(crate) async fn required(
    signing_in: &SigningIn,
    app: &App,
    coming: &Coming,
    headers: &HeaderMap,
) -> Result<Option<Response>, Problem> {
    let Some((sso, _)) = AppSso::of(&signing_in.state, &app.name).await? else {
        return Ok(None);
    };
    if !sso.required {
        return Ok(None);
    }
    let known = provider(signing_in, &sso).ok_or_else(|| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "identity_provider_unusable",
            "The identity provider that this app wants is not set up here any more.",
        )
    })?;
    let browser = Browser::of(signing_in, headers);
    let errand = Errand::AppUser {
        app: app.name.clone(),
        user: None,
        link: Some(coming.link.clone()),
        host: coming.host.clone(),
    };
    let url = Away::begin(signing_in, known, &browser, errand).await?;
    let texts = coming.language.texts();
    let title = (texts.sign_in_at)(&known.party.provider().title);
    let body = html! { div.row { a.button.main href=(url) { (texts.go_on) } } };
    let mut response = Page::new(coming.language, title, Some(app), body)
        .then(0, url)
        .into_response();
    browser.keep(None, &mut response);
    Ok(Some(response))
}

/// The page of an app that nobody came to by a link: they may still say who they are.
pub(crate) async fn offered(
    signing_in: &SigningIn,
    app: &App,
    language: Language,
) -> Result<Option<Response>, Problem> {
    let set = AppSso::of(&signing_in.state, &app.name).await?;
    let Some(known) = set.as_ref().and_then(|(sso, _)| provider(signing_in, sso)) else {
        return Ok(None);
    };
    let title = &known.party.provider().title;
    let body = html! {
        p { ((language.texts().wants_to_know)(app_title(app))) }
        div.row { a.button.main href=(format!("/auth/{}/sso", app.name)) { ((language.texts().sign_in_at)(title)) } }
    };
    let page = Page::new(
        language,
        (language.texts().sign_in_at)(title),
        Some(app),
        body,
    );
    Ok(Some(page.into_response()))
}

/// At which identity provider a visitor should sign in, because a connector asks who they are and nothing tells it.
pub(crate) async fn wanted(
    signing_in: &SigningIn,
    visitor: &Visitor,
) -> Result<Option<String>, Problem> {
    let environment = visitor.visit.environment.as_deref();
    let asks = visitor.app.connectors.iter().any(|published| {
        let served = signing_in.served(&published.connector, environment);
        served.is_ok_and(|served| served.equipped.connector.asks_who_the_user_is())
    });
    if !asks {
        return Ok(None);
    }
    let set = AppSso::of(&signing_in.state, &visitor.app.name).await?;
    let Some(known) = set.as_ref().and_then(|(sso, _)| provider(signing_in, sso)) else {
        return Ok(None);
    };
    let connections = &signing_in.state.connections;
    match connections.identity(&visitor.owner, None).await {
        Err(failure) if failure.is_refused() => Ok(Some(known.party.provider().title.clone())),
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Takes a browser that comes back, once.
pub(crate) async fn callback(
    State(signing_in): State<SigningIn>,
    Peer(address): Peer,
    Path(provider): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let known = signing_in.state.sso.named(&provider);
    let known = known.ok_or_else(|| Problem::not_found("identity provider"))?;
    let mut back = signing_in.url(&format!("/sso/{provider}/callback"));
    back.set_query(uri.query());
    let (errand, identity) = Away::end(&signing_in, known, &headers, &back).await?;
    let response = match errand {
        Errand::SignIn { return_to } => {
            person(&signing_in, known, &identity, None, &return_to, &headers).await?
        }
        Errand::Link {
            login,
            session,
            return_to,
        } => {
            let linked = Some((login.as_str(), session.as_str()));
            person(&signing_in, known, &identity, linked, &return_to, &headers).await?
        }
        Errand::AppUser {
            app,
            user,
            link,
            host,
        } => {
            let named = Named {
                app,
                user,
                link,
                host,
            };
            app_user(&signing_in, known, &identity, named, &headers).await?
        }
    };
    signing_in.api.throttle.forgive_from(address);
    Ok(response)
}

/// One of our own people.
async fn person(
    signing_in: &SigningIn,
    known: &Known,
    identity: &Identity,
    linked: Option<(&str, &str)>,
    return_to: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let admission = known.admission.as_ref();
    let admission = admission.ok_or_else(|| Problem::not_found("identity provider"))?;
    let (api, store) = (&signing_in.api, &signing_in.state.store);
    if let Some((login, session)) = linked {
        // Whoever has lost their session since, or could not come in by it, gets no way in.
        admission
            .judge(&identity.claims)
            .map_err(|why| Problem::forbidden("not_admitted", why.to_string()))?;
        still_signed_in(api, login, session).await?;
        let (issuer, subject) = (identity.issuer(), identity.subject());
        store.link_person(issuer, subject, login).await?;
    }
    let person = enter(api, admission, identity).await?;
    end_shown(api, &person.login, headers).await?;
    let cookie = open_session(api, &person, headers).await?;
    // With the session there, no sign-out elsewhere takes it for what the last session has left.
    let owner = format!("{PEOPLE}/{}", person.login);
    let put = store.put_identity(&owner, Over::Any, identity.to_bytes());
    put.await?;
    let mut response = Redirect::to(return_to).into_response();
    let cookie: Option<HeaderValue> = cookie;
    response
        .headers_mut()
        .extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

/// Refuses to link an account by a session that was ended meanwhile: that may have been done against who asked for it.
async fn still_signed_in(api: &Api, login: &str, session: &str) -> Result<(), Problem> {
    let of = SessionOf::Person {
        login: login.to_owned(),
    };
    let open = api.store.sessions_of(of).await?;
    match open.iter().any(|open| open.id == session) {
        true => Ok(()),
        false => Err(Problem::forbidden(
            "session_ended",
            "The session in which this was begun has ended.",
        )
        .help("Sign in as until now, and link the account there again.")),
    }
}

/// A user of an app, who has to be the one that the app named where it named one.
async fn app_user(
    signing_in: &SigningIn,
    known: &Known,
    identity: &Identity,
    named: Named,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let state = &signing_in.state;
    let Named {
        app,
        user,
        link,
        host,
    } = named;
    let app = find(signing_in, &app)?;
    let set = AppSso::of(state, &app.name).await?;
    let ours = set.filter(|(sso, _)| sso.provider.as_ref() == Some(&known.party.provider().name));
    let (sso, _) = ours.ok_or_else(|| Problem::not_found("page"))?;
    let named = user_of(&identity.claims, &sso.user_claim)?;
    let link = link.filter(|link| app.issued(link.issued_at()));
    let expected = link.as_ref().map(|link| &link.user).or(user.as_ref());
    if expected.is_some_and(|expected| *expected != named) {
        return Err(somebody_else());
    }
    let owner = app.owner(&named);
    state
        .store
        .put_identity(&owner, Over::Any, identity.to_bytes())
        .await?;
    if user.is_some() && link.is_none() {
        return Ok(Redirect::to(&format!("/auth/{}", app.name)).into_response());
    }
    let link = link.unwrap_or_else(|| Link::nowhere(&app.name, &named));
    let host = host.filter(|host| app.allows_origin(host));
    let first = first_page(&app, &link, host.as_deref());
    let mut response = Redirect::to(&first).into_response();
    Visitor::begin(signing_in, &link, host, headers, &mut response).await?;
    Ok(response)
}

/// The identity provider that an app wants, where it is set up here.
fn provider<'a>(signing_in: &'a SigningIn, sso: &AppSso) -> Option<&'a Known> {
    signing_in.state.sso.named(sso.provider.as_deref()?)
}
