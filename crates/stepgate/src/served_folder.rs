//! Which folder of definitions the server of a data folder was last started with, so that commands in another shell can tell
//! a connector's name from a slip.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use model::Source;
use store::Store;
use url::Url;

use crate::arguments::Everywhere;
use crate::ending::Complaint;
use crate::settings_file::SettingsFile;

/// The file in the data folder that holds the folder's path.
const FILE: &str = "connectors-folder";

/// The largest definition that is read.
const LARGEST: u64 = 1 << 20;

/// Notes the folder for [`known_connectors`]. It is a hint, so that nothing depends on whether it can be written.
pub(crate) fn remember(data_dir: &Path, connectors: Option<&Path>) {
    let file = data_dir.join(FILE);
    let _ = match connectors.and_then(|dir| dir.canonicalize().ok()) {
        Some(dir) => write(&file, dir.as_os_str().as_bytes()),
        None => std::fs::remove_file(file),
    };
}

/// Writes it for its owner alone, as all that is in the data folder.
fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).truncate(true).mode(0o600);
    options.open(file)?.write_all(bytes)
}

/// The connectors that a server of this data folder has, as far as can be told from here, each with its base URL: those of
/// the store, and those of the folder that the settings name or that was last served. Nothing where neither has any.
pub(crate) async fn known_connectors(
    everywhere: &Everywhere,
    store: &Store,
) -> Result<BTreeMap<String, Url>, Complaint> {
    let stored = store.definitions().await?.into_iter();
    let mut known: BTreeMap<String, Url> = stored
        .filter_map(|record| read(record.connector, record.text))
        .collect();
    if let Some(dir) = folder(everywhere)
        && let Ok(entries) = std::fs::read_dir(dir)
    {
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        known.extend(paths.filter_map(|path| in_file(&path)));
    }
    Ok(known)
}

fn folder(everywhere: &Everywhere) -> Option<PathBuf> {
    let of_file = || {
        let file = SettingsFile::read(everywhere.config.as_ref()?).ok()?;
        file.connectors().map(Path::to_owned)
    };
    let remembered = || {
        let path = std::fs::read(everywhere.data_dir.join(FILE)).ok()?;
        Some(PathBuf::from(OsString::from_vec(path)))
    };
    std::env::var_os("STEPGATE_CONNECTORS")
        .map(PathBuf::from)
        .or_else(of_file)
        .or_else(remembered)
}

fn in_file(path: &Path) -> Option<(String, Url)> {
    let kind = path.extension().and_then(|extension| extension.to_str());
    let is_small = std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= LARGEST);
    if !matches!(kind, Some("yaml" | "yml" | "json")) || !is_small {
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    read(path.display().to_string(), text)
}

fn read(named: String, text: String) -> Option<(String, Url)> {
    let connector = model::read(&Source::new(named, text)).connector?;
    Some((connector.name, connector.base_url))
}
