//! The one description of every key of a definition: it drives the check of shape, the JSON
//! Schema and the definition reference, so that the three cannot differ.
//!
//! # Layout
//! - `connector`, `flow`, `step`, `step_kind`, `form`, `oauth1`, `graphql`, `jwt_bearer`, `oauth2`, `sso_token`, `totp`, `request`, `sign_in`, `endpoint`: the description itself, as tables
//! - `name`: what names may look like
//! - `check`: a tree against the description

pub(crate) mod check;
pub(crate) mod connector;
pub(crate) mod endpoint;
pub(crate) mod flow;
pub(crate) mod form;
pub(crate) mod graphql;
pub(crate) mod jwt_bearer;
pub(crate) mod name;
pub(crate) mod oauth1;
pub(crate) mod oauth2;
pub(crate) mod request;
pub(crate) mod sign_in;
pub(crate) mod sso_token;
pub(crate) mod step;
pub(crate) mod step_kind;
pub(crate) mod totp;
pub(crate) mod url;

use crate::code::Code;
use name::Name;

/// A map with known keys.
#[derive(Debug)]
pub(crate) struct Object {
    /// The name in the schema and the reference.
    pub(crate) name: &'static str,
    /// One or two sentences.
    pub(crate) doc: &'static str,
    /// Keys that it shares with others.
    pub(crate) common: &'static [Key],
    /// Its own keys.
    pub(crate) keys: &'static [Key],
    /// What must hold between keys.
    pub(crate) rules: &'static [Rule],
}

impl Object {
    /// Every key, shared ones first.
    pub(crate) fn all_keys(&self) -> impl Iterator<Item = &'static Key> + Clone {
        self.common.iter().chain(self.keys)
    }
}

/// A key of a map.
#[derive(Debug)]
pub(crate) struct Key {
    /// The key itself.
    pub(crate) name: &'static str,
    /// What its value may be.
    pub(crate) ty: Type,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// What counts where it is left out, in words or as it would be written.
    pub(crate) default: Option<&'static str>,
    /// One sentence.
    pub(crate) doc: &'static str,
    /// A value, as it would be written after the key.
    pub(crate) example: &'static str,
}

/// A key that may be left out.
pub(crate) const fn key(
    name: &'static str,
    ty: Type,
    example: &'static str,
    doc: &'static str,
) -> Key {
    Key {
        name,
        ty,
        required: false,
        default: None,
        doc,
        example,
    }
}

impl Key {
    /// It must be there.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What counts where it is left out.
    pub(crate) const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    /// The number of the format: 1.
    Version,
    /// A fixed text.
    Text,
    /// A text that may hold templates; a number or truth value counts as its text.
    Template,
    /// `true` or `false`.
    Bool,
    /// A whole number within a range.
    Count(u32, u32),
    /// `60s`, `90m`, or seconds.
    Duration,
    /// An http or https address of a connector, with a path where the flag says so.
    Url(Path),
    /// A text of a certain look.
    Name(&'static Name),
    /// One of several words.
    Choice(&'static [Word]),
    /// Any JSON, with templates in its texts.
    Value,
    /// Any JSON, without templates.
    Literal,
    /// A map with known keys.
    Object(&'static Object),
    /// A list of at least so many.
    List(&'static Type, usize),
    /// A map from names to values.
    Map(&'static Name, &'static Type),
    /// A map whose key `kind` decides what else it holds.
    Kinds(&'static Kinds),
    /// A condition, or a list of them.
    Condition,
    /// A map if it is written as one, else a fixed text.
    MapOrText(&'static Object),
    /// A list if it is written as one, else the other.
    ListOr(&'static Type, &'static Type),
}

/// Whether an address may have a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    /// It may.
    Allowed,
    /// It is an origin alone.
    None,
}

/// A word that a key takes.
#[derive(Debug)]
pub(crate) struct Word {
    /// The word.
    pub(crate) name: &'static str,
}

/// A word.
pub(crate) const fn word(name: &'static str) -> Word {
    Word { name }
}

/// Maps that differ by their key `kind`.
#[derive(Debug)]
pub(crate) struct Kinds {
    /// The name in the schema and the reference.
    pub(crate) name: &'static str,
    /// What is of a kind: `step`, `sign-in type`.
    pub(crate) noun: &'static str,
    /// One or two sentences.
    pub(crate) doc: &'static str,
    /// The kinds.
    pub(crate) kinds: &'static [Kind],
}

/// One kind.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The value of `kind`.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) object: &'static Object,
}

/// What must hold between the keys of one map.
#[derive(Debug)]
pub(crate) enum Rule {
    /// At most one of the keys.
    AtMostOne(&'static [&'static str], Code),
    /// At least one of the keys.
    AtLeastOne(&'static [&'static str]),
    /// Two keys, each with a certain value if one is named, exclude each other.
    Clash(When, When, Code),
    /// A key makes sense only with another one.
    Needs(&'static str, &'static str),
}

/// A key, alone or with a certain value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct When {
    /// The key.
    pub(crate) key: &'static str,
    /// The word or truth value it must have.
    pub(crate) is: Option<&'static str>,
}
