//! A sign-in as its page shows it: what it waits for, or how it ended.

use crate::screen::form::{FormTarget, form};
use connection::{AttemptFailure, AttemptState, FaultOf, WaitingFor};
use maud::{Markup, PreEscaped, html};

/// What the page of a sign-in needs besides its state.
pub(crate) struct Frame<'a> {
    /// The address of this sign-in's page.
    pub(crate) base: &'a str,
    /// The list of connectors.
    pub(crate) list: &'a str,
    /// What is signed in to.
    pub(crate) connector: &'a str,
    /// As people call it.
    pub(crate) connector_title: &'a str,
    /// Our address that leads to the API's page, where one has to be opened.
    pub(crate) open: Option<&'a str>,
    /// The token that shows that a form came from our page.
    pub(crate) form_token: &'a str,
    /// The time, in seconds since 1970.
    pub(crate) now: i64,
}

/// The heading and what stands below it.
pub(crate) fn progress(state: &AttemptState, frame: &Frame<'_>) -> (String, Markup) {
    let title = frame.connector_title;
    match state {
        AttemptState::Working => (
            format!("Signing in to {title}"),
            html! { p role="status" { "This page goes on by itself." } },
        ),
        AttemptState::Waiting(WaitingFor::Form(prompt)) => {
            let target = FormTarget {
                action: &format!("{}/answers", frame.base),
                resend: &format!("{}/resend", frame.base),
                cancel: &format!("{}/cancel", frame.base),
                form_token: frame.form_token,
                now: frame.now,
            };
            (prompt.title.clone(), form(prompt, &target))
        }
        AttemptState::Waiting(WaitingFor::Open(open)) => (
            format!("Sign in at {title}"),
            html! {
                @if let Some(refused) = &open.refused { p.bad role="alert" { (refused) } }
                p { "You go on at " strong { (open.url.host_str().unwrap_or(title)) } " and come back here." }
                div.row {
                    a.button.main href=(frame.open.unwrap_or(frame.base)) { "Continue to " (title) }
                    (post(frame, "cancel", "Cancel", false))
                }
            },
        ),
        AttemptState::Waiting(WaitingFor::Show(show)) => (
            format!("Sign in to {title} with a code"),
            html! {
                p { "Go to " a href=(show.scanned()) target="_blank" rel="noopener noreferrer" { (show.url) } " on this or another device, and enter:" }
                p.code { strong { (show.code) } }
                // Drawn by us from the address alone.
                @if let Some(drawn) = flow::qr_svg(show.scanned().as_str()) {
                    div.qr role="img" aria-label={ "QR code for " (show.url) } { (PreEscaped(drawn)) }
                }
                p role="status" { "This page goes on by itself." }
                div.row { (post(frame, "cancel", "Cancel", false)) }
            },
        ),
        AttemptState::Waiting(WaitingFor::ConfirmIdentity { old, new }) => (
            "Another account".to_owned(),
            html! {
                p { "You signed in as " strong { (new) } "; before it was " strong { (old) } "." }
                div.row {
                    (post(frame, "confirm", &format!("Keep {new}"), true))
                    (post(frame, "cancel", "Go back", false))
                }
            },
        ),
        AttemptState::SignedIn { .. } => (
            format!("Signed in to {title}"),
            html! { div.row { a.button.main href=(frame.list) { "Go on" } } },
        ),
        AttemptState::Failed(failure) => (
            format!("Not signed in to {title}"),
            html! { (told(failure)) (again(frame)) },
        ),
        AttemptState::Expired => (
            "This took too long".to_owned(),
            html! { p { "Nothing was changed. Start again when you are ready." } (again(frame)) },
        ),
        AttemptState::Cancelled => (
            "Not signed in".to_owned(),
            html! { p { "Nothing was changed." } (again(frame)) },
        ),
    }
}

fn told(failure: &AttemptFailure) -> Markup {
    html! {
        p.bad role="alert" { (failure.message) }
        @if let (Some(help), FaultOf::Caller) = (&failure.help, failure.whose_fault) { p { (help) } }
        @if failure.passing { p { "What was stored before is kept. Try again in a moment." } }
        p.soft { "Reference: " (failure.code) @if failure.cause != failure.code { " (" (failure.cause) ")" } }
    }
}

fn again(frame: &Frame<'_>) -> Markup {
    html! {
        div.row {
            form method="post" action={ (frame.list) "/sign-in" } {
                input type="hidden" name="form_token" value=(frame.form_token);
                input type="hidden" name="connector" value=(frame.connector);
                button.main type="submit" { "Try again" }
            }
            a.button href=(frame.list) { "Back" }
        }
    }
}

fn post(frame: &Frame<'_>, what: &str, words: &str, main: bool) -> Markup {
    html! {
        form method="post" action={ (frame.base) "/" (what) } {
            input type="hidden" name="form_token" value=(frame.form_token);
            button.main[main] type="submit" { (words) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptFailure, AttemptState, FaultOf, Frame, WaitingFor, progress};
    use flow::{Open, Show};

    fn page(state: &AttemptState) -> String {
        let frame = Frame {
            base: "/auth/shop/runs/r1",
            list: "/auth/shop",
            connector: "wiki",
            connector_title: "Team <wiki>",
            open: Some("/auth/shop/open/r1?ticket=t"),
            form_token: "token",
            now: 0,
        };
        let (title, body) = progress(state, &frame);
        maud::html! { h1 { (title) } (body) }.into_string()
    }

    #[test]
    fn attack_12_what_an_api_says_is_shown_as_text() {
        let hostile = "<script>alert(1)</script>".to_owned();
        let failed = page(&AttemptState::Failed(AttemptFailure {
            code: "sign_in_refused".to_owned(),
            cause: hostile.clone(),
            step: None,
            whose_fault: FaultOf::Caller,
            message: hostile.clone(),
            help: Some(hostile.clone()),
            passing: false,
        }));
        let open = page(&AttemptState::Waiting(WaitingFor::Open(Open {
            step: "login".to_owned(),
            url: "https://id.example.org/?state=secret".parse().unwrap(),
            state: Some("secret".to_owned()),
            refused: Some(hostile.clone()),
        })));
        let identity = page(&AttemptState::Waiting(WaitingFor::ConfirmIdentity {
            old: hostile.clone(),
            new: hostile.clone(),
        }));
        let code = page(&AttemptState::Waiting(WaitingFor::Show(Show {
            step: "login".to_owned(),
            code: hostile.clone(),
            url: "https://id.example.org/device".parse().unwrap(),
            complete_url: None,
            expires_at: 0,
        })));
        assert!(code.contains("https://id.example.org/device") && code.contains("<svg"));
        for shown in [&failed, &open, &identity, &code] {
            assert!(
                !shown.contains("<script") && shown.contains("&lt;script&gt;"),
                "{shown}"
            );
        }
        // The API's own address, with its state, is for our redirect alone.
        assert!(
            open.contains("id.example.org") && !open.contains("secret"),
            "{open}"
        );
    }
}
