//! What can be wrong with a sealed run or credential. How a run itself fails is
//! [`crate::Failure`], and why a request cannot be made [`crate::BuildError`].

/// Why sealed bytes are not what they should be. Never says what is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// They are of a shape that a later version writes.
    #[error("it was written by a later version of Stepgate: run that version, or sign in again")]
    Newer,
    /// They are something else, or damaged.
    #[error("it is not what it should be, or is damaged: sign in again")]
    NotOurs,
    /// They could not be made.
    #[error("it could not be written")]
    CannotWrite,
}
