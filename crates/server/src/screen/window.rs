//! Windows of their own for an API's page: what is said beside one, the page that stands in it until the API's does, and the
//! one it ends with.

use crate::screen::entering::find;
use crate::screen::language::Language;
use crate::screen::layout::Page;
use crate::screen::refused::Refused;
use crate::screen::texts::Texts;
use crate::signing_in::SigningIn;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// What stands in a window that was opened at a click, until it is known where it leads.
pub(crate) async fn opening(
    State(signing_in): State<SigningIn>,
    Path(app): Path<String>,
    language: Language,
) -> Result<Response, Refused> {
    let app = find(&signing_in, &app)?;
    let texts = language.texts();
    let body = html! { p role="status" { (texts.goes_on_by_itself) } };
    Ok(Page::new(language, texts.one_moment, Some(&app), body).into_response())
}

/// What is said beside a window, hidden until the script knows which of it is so.
pub(crate) fn beside(title: &str, open: &str, texts: &Texts) -> Markup {
    html! {
        div data-window="opened" hidden {
            p { ((texts.go_on_in_window)(title)) }
        }
        div data-window="closed" hidden {
            p { (texts.window_closed) }
            div.row { button.main type="button" data-again { (texts.open_again) } (elsewhere(open, texts)) }
        }
        div data-window="blocked" hidden {
            p.bad role="alert" { (texts.window_blocked) }
            div.row { button.main type="button" data-again { (texts.open_window) } (elsewhere(open, texts)) }
        }
        div data-window="inside" hidden {
            p { (texts.open_in_browser) }
            div.row { (elsewhere(open, texts)) }
        }
    }
}

fn elsewhere(open: &str, texts: &Texts) -> Markup {
    html! {
        a.button href=(open) data-here { (texts.use_this_tab) }
        button type="button" data-copy=(open) data-copied=(texts.link_copied) { (texts.copy_link) }
    }
}

/// What a window ends with whose sign-in goes on, or is over, elsewhere. The script closes it.
pub(crate) fn end(texts: &Texts) -> Markup {
    html! { p.good role="status" data-closes { (texts.window_closes) " " (texts.close_this_window) } }
}

/// The dialog that the script shows a sign-in in, and where it tells what has changed.
pub(crate) fn dialog(texts: &Texts) -> Markup {
    html! {
        p.unseen #live role="status" {}
        dialog #modal aria-labelledby="modal-title" data-offline=(texts.offline) data-moment=(texts.one_moment) {
            button.shut type="button" aria-label=(texts.close) { "×" }
            h2 #modal-title tabindex="-1" {}
            div #modal-body {}
            div.ask #modal-ask role="group" aria-label=(texts.discard) hidden {
                p { (texts.discard) }
                div.row {
                    button type="button" data-discard { (texts.discard_yes) }
                    button.main type="button" data-keep { (texts.discard_no) }
                }
            }
        }
    }
}
