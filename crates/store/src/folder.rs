//! The data folder: made for its owner alone.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::error::StoreError;
use crate::notice::Notice;

/// Makes the folder where it is missing; notes where others can look into one that was there.
pub(crate) fn prepare(dir: &Path, notices: &mut Vec<Notice>) -> Result<(), StoreError> {
    let failed = |why: String| StoreError::Folder {
        path: dir.to_owned(),
        why,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => failed("it is a file".to_owned()),
            _ => failed(error.to_string()),
        })?;
    let mode = fs::metadata(dir)
        .map_err(|error| failed(error.to_string()))?
        .permissions()
        .mode()
        & 0o7777;
    if mode & 0o077 != 0 {
        notices.push(Notice::FolderOpenToOthers {
            path: dir.to_owned(),
            mode,
        });
    }
    Ok(())
}

/// Makes the database file readable by its owner only; SQLite gives its side files the same permissions.
pub(crate) fn prepare_file(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Ok(_) => Ok(()),
        Err(error) => match error.kind() {
            ErrorKind::AlreadyExists => Ok(()),
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
                Err(StoreError::ReadOnly {
                    path: path.to_owned(),
                })
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Err(StoreError::DiskFull {
                path: path.to_owned(),
            }),
            _ => Err(StoreError::Opening {
                path: path.to_owned(),
                why: error.to_string(),
            }),
        },
    }
}
