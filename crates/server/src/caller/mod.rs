//! Who calls: an app by its key, or one of its users by a token.
//!
//! # Layout
//! - [`Caller`]: the answer
//! - [`UserTokens`] in `user_token`: short-lived tokens that an app's backend mints for a browser

mod user_token;

pub(crate) use user_token::{UserToken, UserTokens};
