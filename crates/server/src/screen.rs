//! The managed auth screen: pages on which an app's user signs in, without a script, by forms that any browser sends.
//!
//! # Layout
//! - `layout`: the frame of every page, and the headers it goes out with
//! - `list`: the connectors of an app; `form`, `progress`: one sign-in; `interstitial`: between a link and what it does
//! - [`AuthLinks`] (`link`): how an app sends its user here
//! - `cookie`: what the browser keeps

mod cookie;
mod form;
mod interstitial;
mod layout;
mod link;
mod list;

pub(crate) use link::{AuthLinks, LINK_SECONDS, MadeLink};
