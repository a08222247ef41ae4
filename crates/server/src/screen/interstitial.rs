//! The page between a link and what it does, where the browser does not come from the app: it names app and user, so that
//! nobody signs in for somebody else by opening a link that was sent to them.

use maud::{Markup, html};

/// What the person is asked to go on with.
pub(crate) struct Interstitial<'a> {
    /// Who asks, as people call it.
    pub(crate) app_title: &'a str,
    /// Who would be signed in, as the app names them.
    pub(crate) user: &'a str,
    /// What would be signed in to, where it is one thing.
    pub(crate) connector_title: Option<&'a str>,
    /// Where the form is sent.
    pub(crate) action: &'a str,
    /// The token that shows that the form came from our page.
    pub(crate) form_token: &'a str,
    /// The link or the ticket, by its name.
    pub(crate) carried: (&'static str, &'a str),
}

/// The page below its title.
pub(crate) fn interstitial(page: &Interstitial<'_>) -> Markup {
    html! {
        p {
            "You are about to connect an account"
            @if let Some(title) = page.connector_title { " at " strong { (title) } }
            " to " strong { (page.app_title) } ", where you are " strong { (page.user) } "."
        }
        p { "Did somebody send you this link? Then the account would be theirs to use: close this page." }
        form method="post" action=(page.action) {
            input type="hidden" name="form_token" value=(page.form_token);
            input type="hidden" name=(page.carried.0) value=(page.carried.1);
            div.row { button.main type="submit" { "Continue as " (page.user) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Interstitial, interstitial};

    #[test]
    fn it_names_who_and_where() {
        let page = interstitial(&Interstitial {
            app_title: "Shop",
            user: "<u1>",
            connector_title: Some("Team wiki"),
            action: "/auth/shop/continue",
            form_token: "token",
            carried: ("link", "a.b"),
        })
        .into_string();
        for part in [
            "Shop",
            "&lt;u1&gt;",
            "Team wiki",
            "name=\"link\" value=\"a.b\"",
            "/auth/shop/continue",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
}
