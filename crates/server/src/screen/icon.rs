//! The few signs of the pages: drawn here, beside a word each, so that neither colour nor shape has to be understood.

use maud::{Markup, html};

/// A sign.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Icon {
    /// All is well.
    Done,
    /// Somebody has to act.
    Attention,
    /// Nothing has begun yet.
    Open,
    /// For several people.
    People,
    /// There is more.
    More,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Done => {
                "M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm3.7 6.2-4.4 4.9a.9.9 0 0 1-1.3 0L6.2 11.2l1.3-1.2 1.2 1.2 3.7-4.2Z"
            }
            Self::Attention => {
                "M10 1.8a1.3 1.3 0 0 0-1.1.7l-7.2 13a1.3 1.3 0 0 0 1.1 1.9h14.4a1.3 1.3 0 0 0 1.1-1.9l-7.2-13a1.3 1.3 0 0 0-1.1-.7ZM9.1 7h1.8v5H9.1Zm0 6.3h1.8v1.8H9.1Z"
            }
            Self::Open => {
                "M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 1.8a6.2 6.2 0 1 1 0 12.4 6.2 6.2 0 0 1 0-12.4Z"
            }
            Self::People => {
                "M7 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm6.5 1a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM7 11.5c-3.3 0-5.5 1.7-5.5 4V17h11v-1.5c0-2.3-2.2-4-5.5-4Zm6.5 0c-.5 0-1 0-1.4.1 1.2.9 1.9 2.2 1.9 3.9V17h4.5v-1.3c0-2.5-2-4.2-5-4.2Z"
            }
            Self::More => {
                "M4.5 8.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Zm5.5 0a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Zm5.5 0a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Z"
            }
        }
    }

    /// The sign as an `svg` that assistive technology passes over: a word stands beside it.
    pub(crate) fn drawn(self) -> Markup {
        html! {
            svg.icon viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false" {
                path fill="currentColor" fill-rule="evenodd" d=(self.path()) {}
            }
        }
    }
}
