//! A sign-in as its page shows it: what it waits for, or how it ended.

use crate::screen::form::{FormTarget, form};
use crate::screen::texts::Texts;
use crate::screen::time::time;
use crate::screen::window::beside;
use connection::{AttemptFailure, AttemptState, FaultOf, WaitingFor};
use flow::{Open, Show};
use maud::{Markup, PreEscaped, html};

/// What the page of a sign-in needs besides its state.
pub(crate) struct Frame<'a> {
    /// The address of this sign-in's page.
    pub(crate) base: &'a str,
    /// The list of connectors.
    pub(crate) list: &'a str,
    /// Its id.
    pub(crate) run: &'a str,
    /// What is signed in to.
    pub(crate) connector: &'a str,
    /// As people call it.
    pub(crate) connector_title: &'a str,
    /// What people call the app.
    pub(crate) app_title: &'a str,
    /// Our address that leads to the API's page, where one has to be opened.
    pub(crate) open: Option<&'a str>,
    /// Until when it waits, in Unix seconds.
    pub(crate) until: i64,
    /// The token that shows that a form came from our page.
    pub(crate) form_token: &'a str,
    /// The time, in seconds since 1970.
    pub(crate) now: i64,
    /// In which language.
    pub(crate) texts: &'static Texts,
}

/// The heading and what stands below it.
pub(crate) fn progress(state: &AttemptState, frame: &Frame<'_>) -> (String, Markup) {
    let (title, texts) = (frame.connector_title, frame.texts);
    let (heading, body) = match state {
        AttemptState::Working => ((texts.signing_in_to)(title), working(frame)),
        AttemptState::Waiting(WaitingFor::Form(prompt)) => {
            let target = FormTarget {
                action: &format!("{}/answers", frame.base),
                resend: &format!("{}/resend", frame.base),
                cancel: &format!("{}/cancel", frame.base),
                form_token: frame.form_token,
                now: frame.now,
                texts,
            };
            (
                prompt.title.clone(),
                html! { p.soft { bdi { (title) } } (form(prompt, &target)) },
            )
        }
        AttemptState::Waiting(WaitingFor::Open(open)) => {
            ((texts.sign_in_at)(title), leads_to(open, frame))
        }
        AttemptState::Waiting(WaitingFor::Show(show)) => {
            ((texts.with_a_code)(title), code(show, frame))
        }
        AttemptState::Waiting(WaitingFor::ConfirmIdentity { old, new }) => (
            texts.another_account.to_owned(),
            html! {
                p { ((texts.signed_in_as)(new)) " " ((texts.before_it_was)(old)) }
                div.row {
                    (post(frame, "confirm", &(texts.keep_account)(new), true))
                    (post(frame, "cancel", texts.go_back, false))
                }
            },
        ),
        AttemptState::SignedIn { .. } => (
            (texts.signed_in_to)(title),
            html! { div.row { a.button.main href=(frame.list) { (texts.go_on) } } },
        ),
        AttemptState::SteppedUp { .. } => (
            texts.confirmed.to_owned(),
            html! {
                p role="status" { (texts.go_back_to_start) }
                div.row { a.button href=(frame.list) { (texts.your_accounts) } }
            },
        ),
        AttemptState::Failed(failure) => (
            (texts.not_signed_in_to)(title),
            html! { (told(failure, frame)) (again(frame)) },
        ),
        AttemptState::Expired => (
            texts.took_too_long.to_owned(),
            html! { p { (texts.nothing_changed) } (again(frame)) },
        ),
        AttemptState::Cancelled => (
            (texts.not_signed_in_to)(title),
            html! { p { (texts.nothing_changed) } (again(frame)) },
        ),
    };
    let waits = matches!(state, AttemptState::Waiting(_));
    let body = html! {
        div.run data-run=(frame.run) data-at=(frame.base) data-state=(waiting(state)) data-connector=(frame.connector) data-title=(title) {
            (body)
            @if waits { p.until { (texts.time_until) " " (time(frame.until)) } }
        }
    };
    (heading, body)
}

/// What the script has to know a sign-in by.
fn waiting(state: &AttemptState) -> &'static str {
    match state {
        AttemptState::Waiting(WaitingFor::Form(_)) => "form",
        AttemptState::Waiting(WaitingFor::Open(_)) => "open",
        AttemptState::Waiting(WaitingFor::Show(_)) => "show",
        AttemptState::Waiting(WaitingFor::ConfirmIdentity { .. }) => "confirm",
        other => other.name(),
    }
}

fn working(frame: &Frame<'_>) -> Markup {
    html! {
        p role="status" { (frame.texts.goes_on_by_itself) }
        div.row { a.button href=(frame.base) { (frame.texts.check_again) } }
    }
}

fn leads_to(open: &Open, frame: &Frame<'_>) -> Markup {
    let (title, texts) = (frame.connector_title, frame.texts);
    let address = frame.open.unwrap_or(frame.base);
    html! {
        @if let Some(refused) = &open.refused { p.bad role="alert" dir="auto" { (texts.of(refused)) } }
        div data-window="none" {
            p { ((texts.you_go_on_at)(open.url.host_str().unwrap_or(title))) }
            div.row { a.button.main href=(address) data-open { ((texts.continue_to)(title)) } }
        }
        (beside(title, address, texts))
        div.row { (post(frame, "cancel", texts.cancel, false)) }
    }
}

fn code(show: &Show, frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    html! {
        p { (texts.enter_code_at) }
        p { a dir="ltr" href=(show.scanned()) target="_blank" rel="noopener noreferrer" { (show.url) } }
        p.code { strong { (show.code) } }
        // Drawn by us from the address alone.
        @if let Some(drawn) = flow::qr_svg(show.scanned().as_str()) {
            div.qr role="img" aria-label=((texts.qr_for)(show.url.as_str())) { (PreEscaped(drawn)) }
        }
        p role="status" { (texts.goes_on_by_itself) }
        div.row { (post(frame, "cancel", texts.cancel, false)) }
    }
}

fn told(failure: &AttemptFailure, frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    let words = match failure.whose_fault {
        FaultOf::Caller => None,
        FaultOf::Builder => Some((texts.not_set_up)(frame.app_title)),
        FaultOf::Api => Some((texts.no_answer)(frame.connector_title)),
        FaultOf::Stepgate => Some(texts.our_fault.to_owned()),
    };
    html! {
        p.bad role="alert" dir="auto" { (words.unwrap_or_else(|| texts.of(&failure.message))) }
        @if let (Some(help), FaultOf::Caller) = (&failure.help, failure.whose_fault) { p dir="auto" { (texts.of(help)) } }
        @if failure.passing { p { (texts.kept_try_later) } }
        @if failure.whose_fault != FaultOf::Caller {
            details.why { summary { (texts.details) } p dir="auto" { (texts.of(&failure.message)) } }
        }
        p.soft { (texts.reference) ": " (failure.code) @if failure.cause != failure.code { " (" (failure.cause) ")" } }
    }
}

fn again(frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    html! {
        div.row {
            form method="post" action={ (frame.list) "/sign-in" } data-begins data-title=(frame.connector_title) {
                input type="hidden" name="form_token" value=(frame.form_token);
                input type="hidden" name="connector" value=(frame.connector);
                button.main type="submit" { (texts.try_again) }
            }
            a.button href=(frame.list) data-back { (texts.back) }
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
            run: "r1",
            connector: "wiki",
            connector_title: "Team <wiki>",
            app_title: "Shop",
            open: Some("/auth/shop/open/r1?ticket=t"),
            until: 0,
            form_token: "token",
            now: 0,
            texts: &crate::screen::texts::ENGLISH,
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
            message: hostile.as_str().into(),
            help: Some(hostile.as_str().into()),
            passing: false,
        }));
        let open = page(&AttemptState::Waiting(WaitingFor::Open(Open {
            step: "login".to_owned(),
            url: "https://id.example.org/?state=secret".parse().unwrap(),
            state: Some("secret".to_owned()),
            refused: Some(hostile.as_str().into()),
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
