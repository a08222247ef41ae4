//! The managed auth screen itself: an app's connectors, each with its state, its account and what can be done.

use maud::{Markup, html};
use std::time::{Duration, UNIX_EPOCH};

/// A connector of the app.
pub(crate) struct Card {
    /// Its name.
    pub(crate) connector: String,
    /// What people read.
    pub(crate) title: String,
    /// Where it lives.
    pub(crate) host: String,
    /// Who signs in to it.
    pub(crate) whose: Whose,
}

/// Who signs in to a connector.
pub(crate) enum Whose {
    /// Those who run the app.
    Shared,
    /// The user, with these accounts so far.
    User(Vec<Account>),
}

/// An account that is signed in, or was.
pub(crate) struct Account {
    /// The connection.
    pub(crate) id: String,
    /// Who it is, where that is known.
    pub(crate) label: Option<String>,
    /// Why a person is needed, and since when, where one is.
    pub(crate) needed: Option<(String, i64)>,
}

/// What the forms of the screen send along.
pub(crate) struct ScreenForms<'a> {
    /// The screen's address.
    pub(crate) base: &'a str,
    /// The token that shows that a form came from our page.
    pub(crate) form_token: &'a str,
}

impl Card {
    fn is_ready(&self) -> bool {
        match &self.whose {
            Whose::Shared => true,
            Whose::User(accounts) => accounts.iter().any(|account| account.needed.is_none()),
        }
    }
}

/// The list, and the way back to the app.
pub(crate) fn list(
    cards: &[Card],
    app_title: &str,
    return_to: Option<&str>,
    forms: &ScreenForms<'_>,
) -> Markup {
    let ready = cards.iter().filter(|card| card.is_ready()).count();
    html! {
        @if cards.is_empty() {
            p { "There is nothing to sign in to." }
        } @else if ready == cards.len() {
            p.good { "You are signed in everywhere that is needed." }
        } @else {
            p { (ready) " of " (cards.len()) " ready" }
        }
        @for card in cards { (one(card, app_title, forms)) }
        @if let Some(return_to) = return_to {
            div.row {
                a.button.main[ready == cards.len()] href=(return_to) { "Continue to " (app_title) }
            }
        }
    }
}

fn one(card: &Card, app_title: &str, forms: &ScreenForms<'_>) -> Markup {
    html! {
        section.card aria-label=(card.title) {
            h2 { (card.title) }
            p.soft { (card.host) }
            @match &card.whose {
                Whose::Shared => p {
                    span.good { "✓ Nothing to do." } " " (app_title) " is signed in for everybody."
                },
                Whose::User(accounts) if accounts.is_empty() => {
                    p { "Not signed in" }
                    div.row { (start(card, None, "Sign in", true, forms)) }
                },
                Whose::User(accounts) => @for account in accounts { (account_of(card, account, forms)) },
            }
        }
    }
}

fn account_of(card: &Card, account: &Account, forms: &ScreenForms<'_>) -> Markup {
    let id = Some(account.id.as_str());
    html! {
        @match &account.needed {
            None => p {
                span.good { "✓ Signed in" }
                @if let Some(label) = &account.label { " as " (label) }
            },
            Some((reason, since)) => {
                p { span.bad { "! Sign in again" } @if let Some(label) = &account.label { ": " (label) } }
                p.soft { (reason) " Since " (moment(*since)) "." }
            },
        }
        div.row {
            @if account.needed.is_some() {
                (start(card, id, "Sign in again", true, forms))
            } @else {
                (start(card, id, "Switch account", false, forms))
            }
            form method="post" action={ (forms.base) "/sign-out" } {
                input type="hidden" name="form_token" value=(forms.form_token);
                input type="hidden" name="connection" value=(account.id);
                button type="submit" { "Sign out" }
            }
        }
    }
}

fn start(
    card: &Card,
    connection: Option<&str>,
    words: &str,
    main: bool,
    forms: &ScreenForms<'_>,
) -> Markup {
    html! {
        form method="post" action={ (forms.base) "/sign-in" } {
            input type="hidden" name="form_token" value=(forms.form_token);
            input type="hidden" name="connector" value=(card.connector);
            @if let Some(connection) = connection { input type="hidden" name="connection" value=(connection); }
            button.main[main] type="submit" aria-label={ (words) ": " (card.title) } { (words) }
        }
    }
}

/// A time that everybody reads alike.
fn moment(unix: i64) -> Markup {
    let since = u64::try_from(unix).unwrap_or_default();
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(since));
    html! { time { (text) } }
}

#[cfg(test)]
mod tests {
    use super::{Account, Card, ScreenForms, Whose, list};

    fn card(whose: Whose) -> Card {
        Card {
            connector: "wiki".to_owned(),
            title: "Team <wiki>".to_owned(),
            host: "wiki.example.org".to_owned(),
            whose,
        }
    }

    fn account(needed: Option<&str>) -> Account {
        Account {
            id: "c_1".to_owned(),
            label: Some("<i>ana</i>".to_owned()),
            needed: needed.map(|reason| (reason.to_owned(), 0)),
        }
    }

    fn page(cards: &[Card]) -> String {
        let forms = ScreenForms {
            base: "/auth/shop",
            form_token: "token",
        };
        list(cards, "Shop", Some("https://shop.example.org/back"), &forms).into_string()
    }

    #[test]
    fn each_card_offers_what_can_be_done() {
        let new = page(&[card(Whose::User(Vec::new()))]);
        assert!(
            new.contains("Not signed in") && new.contains("0 of 1 ready"),
            "{new}"
        );
        assert!(new.contains("Team &lt;wiki&gt;") && !new.contains("<wiki>"));
        let ready = page(&[card(Whose::User(vec![account(None)]))]);
        assert!(
            ready.contains("&lt;i&gt;ana")
                && ready.contains("Switch account")
                && ready.contains("Sign out")
        );
        assert!(
            ready.contains("everywhere")
                && ready.contains("href=\"https://shop.example.org/back\"")
        );
        let over = page(&[card(Whose::User(vec![account(Some("<b>refused</b>."))]))]);
        assert!(
            over.contains("Sign in again")
                && over.contains("&lt;b&gt;refused")
                && over.contains("1970")
        );
        let shared = page(&[card(Whose::Shared)]);
        assert!(
            shared.contains("Nothing to do") && !shared.contains("<form"),
            "{shared}"
        );
    }
}
