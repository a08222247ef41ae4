//! The page between a link and what it does, where the browser does not come from the app: it names app and user, so that
//! nobody signs in for somebody else by opening a link that was sent to them.

use crate::screen::texts::Texts;
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
    /// The link or the ticket, and what else goes along, by their names.
    pub(crate) carried: &'a [(&'static str, &'a str)],
    /// In which language.
    pub(crate) texts: &'static Texts,
}

/// The page below its title.
pub(crate) fn interstitial(page: &Interstitial<'_>) -> Markup {
    let texts = page.texts;
    html! {
        div.card {
            p { ((texts.about_to)(page.app_title, page.user, page.connector_title)) }
            p { strong { (texts.sent_to_you) } }
            form method="post" action=(page.action) {
                input type="hidden" name="form_token" value=(page.form_token);
                @for (name, value) in page.carried { input type="hidden" name=(name) value=(value); }
                div.row { button.main type="submit" { ((texts.continue_as)(page.user)) } }
            }
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
            carried: &[("link", "a.b")],
            texts: &crate::screen::texts::ENGLISH,
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
