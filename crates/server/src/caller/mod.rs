//! Who calls: an app by its key, or one of its users by a token.
//!
//! # Layout
//! - [`Fields`] in `fields`: what a request says to the gateway itself
//! - [`Shown`] in `shown`: what a request shows
//! - [`Callers`], [`Known`] in `known`: who that is, remembered by each thread
//! - [`UserTokens`] in `user_token`: short-lived tokens that an app's backend mints for a browser
//! - [`is_user_name`] in `user_name`: what users may be called

mod fields;
mod known;
mod shown;
mod user_name;
mod user_token;

pub(crate) use fields::{Field, Fields};
pub(crate) use known::{Callers, Known, nobody, only_at_screen, other_user};
pub(crate) use shown::Shown;
pub(crate) use user_name::is_user_name;
pub(crate) use user_token::{Refused, UserTokens};

use http::HeaderName;

/// The user that an app speaks for.
pub(crate) const USER: HeaderName = HeaderName::from_static("stepgate-user");
