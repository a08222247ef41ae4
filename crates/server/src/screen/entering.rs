//! Coming to the screen by a link, and the list that it leads to.

use crate::problem::Problem;
use crate::registry::App;
use crate::screen::cards::cards;
use crate::screen::interstitial::{Interstitial, interstitial};
use crate::screen::language::Language;
use crate::screen::layout::{Page, app_title};
use crate::screen::link::{Link, LinkRefused};
use crate::screen::list::{ListFrame, list};
use crate::screen::refused::{Refused, ask_for_a_link};
use crate::screen::sso;
use crate::screen::visitor::{Browser, Visitor, comes_from, value};
use crate::signing_in::SigningIn;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use maud::html;
use serde::Deserialize;
use std::sync::Arc;

/// How the screen is asked for.
#[derive(Deserialize)]
pub(crate) struct Entry {
    link: Option<String>,
    /// The origin of the page that opens it.
    host: Option<String>,
}

/// Somebody with a link, who means it.
pub(super) struct Coming {
    pub(super) link: Link,
    /// The origin of the app's page that opens the screen.
    pub(super) host: Option<String>,
    /// Whether they are signed in here as the link's user.
    is_known: bool,
    pub(super) language: Language,
}

/// The screen, or the page before it where a link is shown.
pub(crate) async fn enter(
    State(signing_in): State<SigningIn>,
    Path(app): Path<String>,
    Query(entry): Query<Entry>,
    language: Language,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let visitor = Visitor::of(&signing_in, &app, &headers).await?;
    let Some(text) = entry.link else {
        return match visitor {
            Some(visitor) => Ok(screen(&signing_in, &visitor, language).await?),
            None => Ok(match sso::offered(&signing_in, &app, language).await? {
                Some(page) => page,
                None => nobody(&app, language),
            }),
        };
    };
    let link = match read(&signing_in, &app, &text) {
        Ok(link) => link,
        Err(refused) => return Ok(link_refused(&app, refused, language)),
    };
    let is_known = visitor.is_some_and(|visitor| visitor.owner == app.owner(&link.user));
    // Only what is the app's own is told what comes of it.
    let host = entry.host.filter(|host| app.allows_origin(host));
    if is_known || comes_from(&app, &headers) {
        let coming = Coming {
            link,
            host,
            is_known,
            language,
        };
        return Ok(redeem(&signing_in, &app, coming, &headers).await?);
    }
    // Not spent by looking at it: programs that preview links look too.
    let browser = Browser::of(&signing_in, &headers);
    let snapshot = signing_in.state.registry.snapshot();
    let connector = link.connector.as_deref().and_then(|connector| {
        let served = snapshot.served(connector, link.environment.as_deref())?;
        Some(served.equipped.connector.title.as_str())
    });
    let body = interstitial(&Interstitial {
        app_title: app_title(&app),
        user: &link.user,
        connector_title: connector,
        action: &format!("/auth/{}/continue", app.name),
        form_token: &browser.form_token(&signing_in),
        carried: &[
            ("link", &text),
            ("host", host.as_deref().unwrap_or_default()),
        ],
        texts: language.texts(),
    });
    let title = (language.texts().continue_as_question)(&link.user);
    let here = format!("/auth/{}?link={text}", app.name);
    let page = Page::new(language, title, Some(&app), body).at(here);
    let mut response = page.into_response();
    browser.keep(None, &mut response);
    Ok(response)
}

/// The link, where it was made for this app and not for an earlier one of its name.
fn read(signing_in: &SigningIn, app: &App, text: &str) -> Result<Link, LinkRefused> {
    let link = signing_in.state.links.read(&app.name, text)?;
    match app.issued(link.issued_at()) {
        true => Ok(link),
        false => Err(LinkRefused::Expired),
    }
}

/// The person has read who they are, and goes on.
pub(crate) async fn go_on(
    State(signing_in): State<SigningIn>,
    Path(app): Path<String>,
    language: Language,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    Browser::of(&signing_in, &headers).check_form(&signing_in, &form)?;
    match read(&signing_in, &app, value(&form, "link")) {
        Ok(link) => {
            let host = value(&form, "host");
            let coming = Coming {
                link,
                host: app.allows_origin(host).then(|| host.to_owned()),
                is_known: false,
                language,
            };
            Ok(redeem(&signing_in, &app, coming, &headers).await?)
        }
        Err(refused) => Ok(link_refused(&app, refused, language)),
    }
}

/// The app of this name.
pub(crate) fn find(signing_in: &SigningIn, app: &str) -> Result<Arc<App>, Problem> {
    let found = signing_in.state.registry.snapshot().app(app).cloned();
    found.ok_or_else(|| Problem::not_found("page"))
}

/// Where a link leads, as a path of ours.
pub(super) fn first_page(app: &App, link: &Link, host: Option<&str>) -> String {
    let name = &app.name;
    match (&link.run, &link.connector, host) {
        (Some(run), _, _) => format!("/auth/{name}/runs/{run}"),
        // Opened for one connector by a page that waits for it, its sign-in begins at once.
        (None, Some(_), Some(_)) => format!("/auth/{name}?begin"),
        (None, _, _) => format!("/auth/{name}"),
    }
}

/// Nobody is known to be here.
pub(crate) fn nobody(app: &App, language: Language) -> Response {
    let why = language.texts().nobody_here;
    ask_for_a_link(app, why, StatusCode::UNAUTHORIZED, language)
}

async fn redeem(
    signing_in: &SigningIn,
    app: &App,
    coming: Coming,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let first = first_page(app, &coming.link, coming.host.as_deref());
    let state = &signing_in.state;
    if !state.links.spend(&state.store, &coming.link).await? {
        // Who is here already has nothing to lose by loading the page again.
        return Ok(match coming.is_known {
            true => Redirect::to(&first).into_response(),
            false => {
                let why = coming.language.texts().link_used;
                ask_for_a_link(app, why, StatusCode::GONE, coming.language)
            }
        });
    }
    if let Some(out) = sso::required(signing_in, app, &coming, headers).await? {
        return Ok(out);
    }
    let mut response = Redirect::to(&first).into_response();
    Visitor::begin(
        signing_in,
        &coming.link,
        coming.host,
        headers,
        &mut response,
    )
    .await?;
    Ok(response)
}

async fn screen(
    signing_in: &SigningIn,
    visitor: &Visitor,
    language: Language,
) -> Result<Response, Problem> {
    let (app, visit) = (&visitor.app, &visitor.visit);
    let (about, environment) = (visit.connector.as_deref(), visit.environment.as_deref());
    let cards = cards(signing_in, app, &visitor.owner, about, environment).await?;
    let base = visitor.base();
    let frame = ListFrame {
        base: &base,
        form_token: &visitor.form_token(signing_in),
        app_title: app_title(app),
        return_to: visitor.return_to(),
        about,
        texts: language.texts(),
    };
    let wanted = sso::wanted(signing_in, visitor).await?;
    let body = html! {
        @if let Some(provider) = wanted {
            div.row { a.button.main href=(format!("{base}/sso")) { ((language.texts().sign_in_at)(&provider)) } }
        }
        (list(&cards, &frame))
    };
    let page = Page::new(language, language.texts().your_accounts, Some(app), body);
    Ok(page.at(base).told_to(visitor.host()).into_response())
}

fn link_refused(app: &App, refused: LinkRefused, language: Language) -> Response {
    let texts = language.texts();
    let (why, status) = match refused {
        LinkRefused::Forged => (texts.link_forged, StatusCode::BAD_REQUEST),
        LinkRefused::Expired => (texts.link_old, StatusCode::GONE),
    };
    ask_for_a_link(app, why, status, language)
}
