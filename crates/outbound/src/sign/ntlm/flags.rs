//! The bits by which both sides say what they speak (MS-NLMP 2.2.2.5).

/// Texts are UTF-16.
pub(super) const UNICODE: u32 = 0x0000_0001;
/// The server is to name itself.
pub(super) const REQUEST_TARGET: u32 = 0x0000_0004;
/// Messages can be signed; what makes a session key of its own necessary.
pub(super) const SIGN: u32 = 0x0000_0010;
/// NTLM, as against LM.
pub(super) const NTLM: u32 = 0x0000_0200;
/// Signing is agreed on even where nothing is signed.
pub(super) const ALWAYS_SIGN: u32 = 0x0000_8000;
/// The newer session security.
pub(super) const EXTENDED_SESSION_SECURITY: u32 = 0x0008_0000;
/// The challenge holds a target info.
pub(super) const TARGET_INFO: u32 = 0x0080_0000;
/// Messages hold a version.
pub(super) const VERSION: u32 = 0x0200_0000;
/// Keys of 128 bits.
pub(super) const BITS_128: u32 = 0x2000_0000;
/// The client chooses the session key.
pub(super) const KEY_EXCHANGE: u32 = 0x4000_0000;

/// What is spoken here. Neither LM keys nor texts in a code page are.
pub(super) const OURS: u32 = UNICODE
    | REQUEST_TARGET
    | SIGN
    | NTLM
    | ALWAYS_SIGN
    | EXTENDED_SESSION_SECURITY
    | TARGET_INFO
    | VERSION
    | BITS_128
    | KEY_EXCHANGE;
