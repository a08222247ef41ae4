//! Coming to the screen by a link, and the list that it leads to.

use crate::problem::Problem;
use crate::registry::{App, Published};
use crate::screen::interstitial::{Interstitial, interstitial};
use crate::screen::layout::{Page, app_title};
use crate::screen::link::{Link, LinkRefused};
use crate::screen::list::{Account, Card, ScreenForms, Whose, list};
use crate::screen::refused::{Refused, ask_for_a_link};
use crate::screen::sso;
use crate::screen::visitor::{Browser, Visitor, comes_from, value};
use crate::signing_in::{SigningIn, is_shared};
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
}

/// The screen, or the page before it where a link is shown.
pub(crate) async fn enter(
    State(signing_in): State<SigningIn>,
    Path(app): Path<String>,
    Query(entry): Query<Entry>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let visitor = Visitor::of(&signing_in, &app, &headers).await?;
    let Some(text) = entry.link else {
        return match visitor {
            Some(visitor) => Ok(screen(&signing_in, &visitor).await?),
            None => Ok(match sso::offered(&signing_in, &app).await? {
                Some(page) => page,
                None => nobody(&app),
            }),
        };
    };
    let link = match read(&signing_in, &app, &text) {
        Ok(link) => link,
        Err(refused) => return Ok(link_refused(&app, refused)),
    };
    let is_known = visitor.is_some_and(|visitor| visitor.owner == app.owner(&link.user));
    if is_known || comes_from(&app, &headers) {
        return Ok(redeem(&signing_in, &app, &link, &headers, is_known).await?);
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
        carried: ("link", &text),
    });
    let title = format!("Continue as {}?", link.user);
    let mut response = Page::new(title, Some(&app), body).into_response();
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
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    Browser::of(&signing_in, &headers).check_form(&signing_in, &form)?;
    match read(&signing_in, &app, value(&form, "link")) {
        Ok(link) => Ok(redeem(&signing_in, &app, &link, &headers, false).await?),
        Err(refused) => Ok(link_refused(&app, refused)),
    }
}

/// The app of this name.
pub(crate) fn find(signing_in: &SigningIn, app: &str) -> Result<Arc<App>, Problem> {
    let found = signing_in.state.registry.snapshot().app(app).cloned();
    found.ok_or_else(|| Problem::not_found("page"))
}

/// Nobody is known to be here.
pub(crate) fn nobody(app: &App) -> Response {
    let why = "You are not signed in here, or no longer.";
    ask_for_a_link(app, why, StatusCode::UNAUTHORIZED)
}

async fn redeem(
    signing_in: &SigningIn,
    app: &App,
    link: &Link,
    headers: &HeaderMap,
    is_known: bool,
) -> Result<Response, Problem> {
    let screen = format!("/auth/{}", app.name);
    let state = &signing_in.state;
    if !state.links.spend(&state.store, link).await? {
        // Who is here already has nothing to lose by loading the page again.
        return Ok(match is_known {
            true => Redirect::to(&screen).into_response(),
            false => {
                let why = "This link was used already. It works once.";
                ask_for_a_link(app, why, StatusCode::GONE)
            }
        });
    }
    if let Some(out) = sso::required(signing_in, app, link, headers).await? {
        return Ok(out);
    }
    let mut response = Redirect::to(&screen).into_response();
    Visitor::begin(signing_in, link, headers, &mut response).await?;
    Ok(response)
}

async fn screen(signing_in: &SigningIn, visitor: &Visitor) -> Result<Response, Problem> {
    let app = &visitor.app;
    let asked = visitor.visit.connector.as_deref();
    let is_asked = |published: &&Published| Some(published.connector.as_str()) == asked;
    let first = app.connectors.iter().filter(|one| is_asked(one));
    let others = app
        .connectors
        .iter()
        .filter(|one| !is_asked(one) && one.selected);
    let mut cards = Vec::new();
    for published in first.chain(others) {
        cards.extend(card(signing_in, visitor, &published.connector).await?);
    }
    let forms = ScreenForms {
        base: &visitor.base(),
        form_token: &visitor.form_token(signing_in),
    };
    let title = app_title(app);
    let body = list(&cards, title, visitor.return_to(), &forms);
    let body = html! {
        @if let Some(provider) = sso::wanted(signing_in, visitor).await? {
            div.row { a.button.main href=(format!("{}/sso", visitor.base())) { "Sign in at " (provider) } }
        }
        (body)
    };
    Ok(Page::new("Your accounts", Some(app), body).into_response())
}

/// The card of a connector; none where it is not served.
async fn card(
    signing_in: &SigningIn,
    visitor: &Visitor,
    connector: &str,
) -> Result<Option<Card>, Problem> {
    let environment = visitor.visit.environment.as_deref();
    let Ok(served) = signing_in.served(connector, environment) else {
        return Ok(None);
    };
    let connector = &served.equipped.connector;
    let whose = match is_shared(&served) {
        true => Whose::Shared,
        false => {
            let connections = &signing_in.state.connections;
            let records = connections.list(connector, &visitor.owner).await?;
            let accounts = records.into_iter().map(|record| Account {
                needed: signing_in
                    .sign_in_needed(&record)
                    .map(|reason| (reason, record.state.since)),
                label: record.name.or(record.label).or(record.identity),
                id: record.id,
            });
            Whose::User(accounts.collect())
        }
    };
    Ok(Some(Card {
        connector: connector.name.clone(),
        title: connector.title.clone(),
        host: connector.base_url.host_str().unwrap_or_default().to_owned(),
        whose,
    }))
}

fn link_refused(app: &App, refused: LinkRefused) -> Response {
    let (why, status) = match refused {
        LinkRefused::Forged => (
            "This link is not one of ours, or not whole.",
            StatusCode::BAD_REQUEST,
        ),
        LinkRefused::Expired => (
            "This link is too old: it works for 5 minutes.",
            StatusCode::GONE,
        ),
    };
    ask_for_a_link(app, why, status)
}
