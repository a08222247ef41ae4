//! What a step picks out of a reply, beside its status, headers and body.

use regex::Regex;

/// One value picked out of a reply.
#[derive(Clone, Debug)]
pub struct Extract {
    /// Where and how to look.
    pub kind: ExtractKind,
    /// Every match as a list, rather than the first one.
    pub all: bool,
}

/// Where and how to look. Each was found to be well formed when the definition was read.
#[derive(Clone, Debug)]
pub enum ExtractKind {
    /// A CSS selector over HTML.
    Css {
        /// The selector.
        selector: String,
        /// The attribute to take; none: the text of the element.
        attribute: Option<String>,
    },
    /// A JSONPath (RFC 9535) over a JSON body.
    Json(String),
    /// A regular expression over the text; the first group, or the whole match without one.
    Regex(Regex),
    /// A reply header, by name.
    Header(String),
    /// A cookie that the reply set, over all redirects, by name.
    Cookie(String),
}
