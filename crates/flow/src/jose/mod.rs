//! JSON Web Signatures: keys in the forms that APIs hand them out in, and what is signed with them.
//!
//! The formats are our own, as no library reads all of these keys, knows all of these algorithms
//! and lets headers and claims be any JSON; the arithmetic is *ring*'s and RustCrypto's (ES512,
//! which *ring* lacks, and ECDSA without randomness by RFC 6979).
//!
//! # Layout
//! - [`SigningKey`] (`key.rs`): a key, and which algorithms it fits
//! - `der.rs`: PEM, PKCS#8, PKCS#1 and SEC1; `jwk.rs`: JSON Web Keys
//! - [`compact`] (`jws.rs`): a header and a payload, signed

mod der;
mod jwk;
mod jws;
mod key;

pub(crate) use jws::compact;
pub(crate) use key::{SigningKey, decoded, unusable_key};
