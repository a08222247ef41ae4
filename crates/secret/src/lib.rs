//! Secret newtypes, and the masking of a known secret in every encoding. Pure.
//!
//! # Layout
//! - [`Secret`], [`SecretString`], [`SecretBytes`]: values that no formatting ever shows
//! - [`Sensitive`]: text for people that has to be masked first
//! - [`Masker`]: knows secrets, and finds them in a text however they are written there
//! - `needle`: what to look for: a secret as text, as hex and as base64
//! - `trie`: all of that as one tree
//! - `spelling`: the ways in which one character may be written

mod masker;
mod needle;
mod secret;
mod sensitive;
mod spelling;
mod trie;

pub use masker::{MASK, Masker};
pub use secret::{Secret, SecretBytes, SecretString};
pub use sensitive::Sensitive;
