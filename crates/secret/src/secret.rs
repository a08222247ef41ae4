//! Values that must not be shown: no formatting prints them, and dropping wipes them.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A value that is read only through [`Secret::reveal`].
#[derive(Clone)]
pub struct Secret<T: Zeroize>(Zeroizing<T>);

/// A secret text.
pub type SecretString = Secret<String>;

/// Secret bytes, such as a sealed or an opened credential.
#[derive(Clone)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl<T: Zeroize> Secret<T> {
    /// Takes a value in.
    pub fn new(value: T) -> Secret<T> {
        Secret(Zeroizing::new(value))
    }

    /// The value in the clear.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl SecretBytes {
    /// Takes bytes in.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> SecretBytes {
        SecretBytes(Zeroizing::new(bytes))
    }

    /// The bytes in the clear.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Secret<T> {
        Secret::new(value)
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> SecretBytes {
        SecretBytes::new(bytes)
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::{SecretBytes, SecretString};

    #[test]
    fn debug_shows_nothing() {
        let text = SecretString::new("hunter2".into());
        let bytes = SecretBytes::new(b"hunter2".to_vec());
        assert_eq!(format!("{text:?} {bytes:#?}"), "[secret] [secret]");
        assert_eq!(text.reveal(), "hunter2");
        assert_eq!(bytes.clone().reveal(), b"hunter2");
    }
}
