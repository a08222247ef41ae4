//! The managed auth screen itself: an app's connectors, each with its state, its account and what can be done.

use crate::screen::cards::{Account, Card, Needed, Whose};
use crate::screen::icon::Icon;
use crate::screen::texts::Texts;
use crate::screen::time::time;
use crate::signing_in::NeededWhy;
use maud::{Markup, html};

/// What the list stands in.
pub(crate) struct ListFrame<'a> {
    /// The screen's address.
    pub(crate) base: &'a str,
    /// The token that shows that a form came from our page.
    pub(crate) form_token: &'a str,
    /// What people call the app.
    pub(crate) app_title: &'a str,
    /// The way back to it.
    pub(crate) return_to: Option<&'a str>,
    /// The connector that it is about, where it is about one.
    pub(crate) about: Option<&'a str>,
    /// In which language.
    pub(crate) texts: &'static Texts,
}

/// The list, and the way back to the app.
pub(crate) fn list(cards: &[Card], frame: &ListFrame<'_>) -> Markup {
    let texts = frame.texts;
    let ready = cards.iter().filter(|card| card.is_ready()).count();
    let all = ready == cards.len();
    let go = match all {
        true => (texts.continue_to)(frame.app_title),
        false => (texts.back_to)(frame.app_title),
    };
    html! {
        div.list data-ready=(ready) data-all=(cards.len()) data-about=[frame.about] {
            @if cards.is_empty() {
                p { (texts.nothing_to_sign_in) }
            } @else if all {
                p.summary.good { (Icon::Done.drawn()) (texts.all_ready) }
            } @else {
                p.summary #summary { ((texts.ready_of)(ready, cards.len())) }
            }
            @for card in cards { (one(card, frame)) }
            div.finish {
                @if let Some(return_to) = frame.return_to {
                    a.button.main[all] href=(return_to) data-finish { (go) }
                } @else {
                    // For a page of the app's that opened this one; the script shows it.
                    button.main[all] type="button" data-finish hidden { (go) }
                }
            }
        }
    }
}

fn one(card: &Card, frame: &ListFrame<'_>) -> Markup {
    let texts = frame.texts;
    let heading = format!("card-{}", card.connector);
    html! {
        section.card aria-labelledby=(heading) data-connector=(card.connector) data-ready[card.is_ready()] {
            div.card-head {
                span.initial aria-hidden="true" { (initial(&card.title)) }
                div { h2 id=(heading) tabindex="-1" dir="auto" { (card.title) } p.soft { bdi dir="ltr" { (card.host) } } }
            }
            @match &card.whose {
                Whose::Shared => (nothing_to_do(&(texts.shared_by)(frame.app_title), Icon::People, texts)),
                Whose::Itself => (nothing_to_do(texts.by_itself, Icon::Done, texts)),
                Whose::User(accounts) if accounts.is_empty() => {
                    div.account {
                        p.state { (Icon::Open.drawn()) span { (texts.not_signed_in) } }
                        div.acts { (start(card, None, (texts.sign_in, true), frame)) }
                    }
                },
                Whose::User(accounts) => {
                    @for account in accounts { (account_of(card, account, frame)) }
                    (another(card, frame))
                },
            }
        }
    }
}

fn nothing_to_do(why: &str, icon: Icon, texts: &Texts) -> Markup {
    html! {
        div.account {
            p.state { span.good { (icon.drawn()) } span { strong { (texts.shared_title) } " · " (why) } }
        }
    }
}

fn account_of(card: &Card, account: &Account, frame: &ListFrame<'_>) -> Markup {
    let texts = frame.texts;
    let id = Some(account.id.as_str());
    html! {
        div.account data-connection=(account.id) {
            p.state {
                @match &account.needed {
                    None => span.good { (Icon::Done.drawn()) },
                    Some(_) => span.bad { (Icon::Attention.drawn()) },
                }
                span {
                    @if account.needed.is_some() { strong.bad { (texts.signed_out) } } @else { strong.good { (texts.signed_in) } }
                    @if let Some(label) = &account.label { " · " bdi.who { (label) } }
                }
            }
            div.acts {
                @if account.needed.is_some() { (start(card, id, (texts.sign_in_again, true), frame)) }
                (menu(card, account, frame))
            }
            @if let Some(needed) = &account.needed { (why(card, account, needed, texts)) }
        }
    }
}

fn menu(card: &Card, account: &Account, frame: &ListFrame<'_>) -> Markup {
    let texts = frame.texts;
    let of = account.label.as_deref().unwrap_or(&card.title);
    html! {
        details.menu {
            summary aria-label=((texts.more_for)(of)) { (Icon::More.drawn()) span { (texts.more) } }
            div.items {
                @if account.needed.is_none() {
                    (start(card, Some(&account.id), (texts.switch_account, false), frame))
                }
                (end("sign-out", texts.sign_out, &(texts.sign_out_means)(&card.title), account, frame))
                (end("clear", texts.clear, &(texts.clear_means)(&card.title), account, frame))
            }
        }
    }
}

fn end(what: &str, words: &str, means: &str, account: &Account, frame: &ListFrame<'_>) -> Markup {
    html! {
        form method="post" action={ (frame.base) "/" (what) } data-ends {
            input type="hidden" name="form_token" value=(frame.form_token);
            input type="hidden" name="connection" value=(account.id);
            button type="submit" { (words) span.soft { (means) } }
        }
    }
}

fn why(card: &Card, account: &Account, needed: &Needed, texts: &Texts) -> Markup {
    let cause = match needed.why {
        NeededWhy::Refused => (texts.why_refused)(&card.title),
        NeededWhy::AnswerMissing => (texts.why_answer)(&card.title),
        NeededWhy::Moved => (texts.why_moved)(&card.title),
    };
    html! {
        details.why {
            summary { (texts.why) }
            p { (cause) }
            dl {
                dt { (texts.since) } dd { (time(needed.since)) }
                dt { (texts.what_to_do) } dd { ((texts.what_to_do_sign_in)(&card.title)) }
                dt { (texts.details) } dd dir="auto" { (texts.of(&needed.detail)) }
                dt { (texts.reference) } dd { bdi dir="ltr" { (account.id) } }
            }
        }
    }
}

/// A further account needs a name to be told apart by.
fn another(card: &Card, frame: &ListFrame<'_>) -> Markup {
    let texts = frame.texts;
    let id = format!("name-{}", card.connector);
    let help = format!("{id}-help");
    html! {
        details.another {
            summary { (texts.add_account) }
            form method="post" action={ (frame.base) "/sign-in" } data-begins data-opens[card.opens_page] data-title=(card.title) {
                input type="hidden" name="form_token" value=(frame.form_token);
                input type="hidden" name="connector" value=(card.connector);
                label for=(id) { (texts.account_name) }
                input id=(id) name="connection" required maxlength="200" autocomplete="off" dir="auto" aria-describedby=(help);
                p.soft id=(help) { (texts.account_name_help) }
                div.row { button type="submit" { (texts.sign_in) } }
            }
        }
    }
}

fn start(
    card: &Card,
    connection: Option<&str>,
    (words, main): (&str, bool),
    frame: &ListFrame<'_>,
) -> Markup {
    html! {
        form method="post" action={ (frame.base) "/sign-in" } data-begins data-opens[card.opens_page] data-title=(card.title) {
            input type="hidden" name="form_token" value=(frame.form_token);
            input type="hidden" name="connector" value=(card.connector);
            @if let Some(connection) = connection { input type="hidden" name="connection" value=(connection); }
            button.main[main] type="submit" aria-label={ (words) ": " (card.title) } { (words) }
        }
    }
}

/// The letter that stands for a connector where there is no picture of it.
fn initial(title: &str) -> String {
    let letter = title.chars().find(|letter| letter.is_alphanumeric());
    letter.into_iter().flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{Account, Card, ListFrame, Needed, NeededWhy, Whose, list};
    use crate::screen::language::Language;

    fn card(whose: Whose) -> Card {
        Card {
            connector: "wiki".to_owned(),
            title: "Team <wiki>".to_owned(),
            host: "wiki.example.org".to_owned(),
            whose,
            opens_page: false,
        }
    }

    fn account(needed: Option<&str>) -> Account {
        Account {
            id: "c_1".to_owned(),
            version: 1,
            label: Some("<i>ana</i>".to_owned()),
            needed: needed.map(|detail| Needed {
                why: NeededWhy::Refused,
                detail: detail.into(),
                since: 0,
            }),
        }
    }

    fn page(cards: &[Card], language: Language) -> String {
        let frame = ListFrame {
            base: "/auth/shop",
            form_token: "token",
            app_title: "Shop",
            return_to: Some("https://shop.example.org/back"),
            about: None,
            texts: language.texts(),
        };
        list(cards, &frame).into_string()
    }

    fn holds(page: &str, parts: &[&str]) {
        for part in parts {
            assert!(page.contains(part), "{part}: {page}");
        }
    }

    #[test]
    fn each_card_offers_what_can_be_done() {
        let new = page(&[card(Whose::User(Vec::new()))], Language::English);
        holds(
            &new,
            &[
                "Not signed in",
                "0 of 1 ready",
                "Team &lt;wiki&gt;",
                "Back to Shop",
            ],
        );
        assert!(!new.contains("<wiki>"));
        let ready = page(&[card(Whose::User(vec![account(None)]))], Language::English);
        holds(
            &ready,
            &[
                "&lt;i&gt;ana",
                "Switch account",
                "Sign out",
                "Forget here",
                "Add another account",
            ],
        );
        holds(
            &ready,
            &[
                "everywhere",
                "Continue to Shop",
                "href=\"https://shop.example.org/back\"",
            ],
        );
        for nothing in [Whose::Shared, Whose::Itself] {
            let shown = page(&[card(nothing)], Language::English);
            assert!(
                shown.contains("Nothing to do") && !shown.contains("<form"),
                "{shown}"
            );
        }
    }

    #[test]
    fn who_is_signed_out_reads_why_since_when_and_what_to_do() {
        let over = page(
            &[card(Whose::User(vec![account(Some("<b>refused</b>."))]))],
            Language::English,
        );
        holds(
            &over,
            &[
                "Sign in again",
                "Why am I signed out?",
                "does not accept",
                "1970",
                "&lt;b&gt;refused",
                "c_1",
            ],
        );
        assert!(
            !over.contains("Switch account"),
            "the one button is the one to use"
        );
        let german = page(
            &[card(Whose::User(vec![account(Some("x"))]))],
            Language::German,
        );
        holds(
            &german,
            &[
                "Neu anmelden",
                "Warum bin ich abgemeldet?",
                "0 von 1 bereit",
            ],
        );
    }
}
