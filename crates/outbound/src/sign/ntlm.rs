//! NTLM as a client speaks it: three messages (MS-NLMP), and NTLMv2 alone. Pure.
//!
//! Written here, for no library does this and little else: `sspi` comes with Kerberos, CredSSP
//! and smart cards, `ntlmclient` has NTLMv1 and LM but neither the MIC nor channel bindings.
//! LM and NTLMv1 are not in this code at all, so no server can ask for them.
//!
//! # Layout
//! - [`Account`]: who signs in; [`Ntlm`] (`owner.rs`): and for which credential
//! - [`negotiate`]: the first message, which says what is spoken here
//! - `challenge.rs`: the server's answer, read as hostile; `target_info.rs`: what it says of itself
//! - [`authenticate`]: the third message, which proves the password; `keys.rs`: the sums in it
//! - `flags.rs`, `field.rs`: bits and bytes that all messages share
//! - `offer.rs`: NTLM in the header fields of HTTP

mod account;
mod authenticate;
mod challenge;
mod field;
mod flags;
mod keys;
mod negotiate;
mod offer;
mod owner;
mod target_info;

pub use account::Account;
pub(crate) use authenticate::{Circumstances, authenticate};
pub(crate) use negotiate::negotiate;
pub(crate) use offer::{Offered, in_header, offered};
pub use owner::Ntlm;
pub(crate) use owner::Owner;

/// What every message begins with.
const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// Why there can be no third message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NtlmError {
    /// The server's message is not what MS-NLMP 2.2.1.2 says.
    #[error("its NTLM challenge cannot be read: {0}")]
    Unreadable(&'static str),
    /// The server leaves out what NTLMv2 needs.
    #[error(
        "it offers no NTLMv2 ({0}), and the older NTLMv1 and LM give passwords away, so they are not spoken here: turn NTLMv2 on at the server"
    )]
    NotVersion2(&'static str),
    /// A text does not fit into a message.
    #[error("the {0} is too long for NTLM")]
    TooLong(&'static str),
}
