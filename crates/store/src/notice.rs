//! What people should know about the store although nothing is wrong.

use std::fmt;
use std::path::PathBuf;

/// Something to say once after opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// There was no master key, so one was made.
    KeyMade {
        /// The key file, readable by its owner only.
        path: PathBuf,
    },
    /// Others than its owner can read the key file.
    KeyFileOpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Others than its owner can look into the data folder.
    FolderOpenToOthers {
        /// The folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyMade { path } => write!(
                f,
                "Made a master key in {} (mode 0600). Without it nothing stored can be opened: keep a copy apart from the data.",
                path.display()
            ),
            Self::KeyFileOpenToOthers { path, mode } => write!(
                f,
                "Warning: others can read the master key in {path} (mode {mode:04o}): chmod 600 {path}",
                path = path.display()
            ),
            Self::FolderOpenToOthers { path, mode } => write!(
                f,
                "Warning: others can look into the data folder {path} (mode {mode:04o}): chmod 700 {path}",
                path = path.display()
            ),
        }
    }
}
