//! The folder of definitions: each file as it was last good, whatever has become of it since.

use crate::registry::RegistryError;
use crate::registry::definition::{Definition, Origin};
use crate::registry::finding::{Finding, Place};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// One byte more than the reader of definitions takes, so that it refuses what is larger.
const READ_AT_MOST: u64 = (1 << 20) + 1;

/// A folder and what is known of its files.
pub(super) struct Folder {
    dir: PathBuf,
    files: BTreeMap<PathBuf, Known>,
    /// Which file each served connector comes from, so that a second one does not push it out.
    owners: BTreeMap<String, PathBuf>,
}

struct Known {
    stamp: Stamp,
    /// Read once more after the stamp was first seen: a write in the same tick of the clock leaves it as it is.
    settled: bool,
    text: Option<Arc<str>>,
    good: Option<Arc<Definition>>,
    finding: Option<Finding>,
}

#[derive(Clone, Eq, PartialEq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

impl Folder {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self {
            dir,
            files: BTreeMap::new(),
            owners: BTreeMap::new(),
        }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Reads what has changed; true where anything has.
    pub(super) fn scan(&mut self) -> io::Result<bool> {
        let mut changed = false;
        let mut present = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if is_definition(&path)
                && let Ok(metadata) = fs::metadata(&path)
                && metadata.is_file()
            {
                let stamp = Stamp {
                    modified: metadata.modified().ok(),
                    length: metadata.len(),
                };
                present.push((path, stamp));
            }
        }
        let before = self.files.len();
        self.files
            .retain(|path, _| present.iter().any(|(there, _)| there == path));
        changed |= self.files.len() != before;
        for (path, stamp) in present {
            changed |= self.look(path, stamp);
        }
        self.settle_owners();
        Ok(changed)
    }

    /// The definitions to serve.
    pub(super) fn definitions(&self) -> Vec<Arc<Definition>> {
        self.owners
            .values()
            .filter_map(|path| self.files.get(path)?.good.clone())
            .collect()
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        let broken = self
            .files
            .values()
            .filter_map(|known| known.finding.clone());
        let doubles = self.doubled().into_iter().map(|(name, first, second)| {
            Finding::two_files(name, first, second, self.owners.contains_key(name))
        });
        broken.chain(doubles).collect()
    }

    /// Two files for one connector, as errors.
    pub(super) fn doubles(&self) -> Vec<RegistryError> {
        self.doubled()
            .into_iter()
            .map(|(connector, first, second)| RegistryError::TwoFiles {
                connector: connector.to_owned(),
                first: first.to_owned(),
                second: second.to_owned(),
            })
            .collect()
    }

    fn doubled(&self) -> Vec<(&str, &Path, &Path)> {
        let mut named: BTreeMap<&str, &Path> = BTreeMap::new();
        let mut doubled = Vec::new();
        for (path, known) in &self.files {
            let Some(good) = &known.good else { continue };
            match named.get(good.name.as_str()) {
                Some(first) => doubled.push((good.name.as_str(), *first, path.as_path())),
                None => drop(named.insert(&good.name, path)),
            }
        }
        doubled
    }

    fn look(&mut self, path: PathBuf, stamp: Stamp) -> bool {
        let known = self.files.get(&path);
        if known.is_some_and(|known| known.stamp == stamp && known.settled) {
            return false;
        }
        let same_stamp = known.is_some_and(|known| known.stamp == stamp);
        let good = known.and_then(|known| known.good.clone());
        let name = || good.as_ref().map(|good| good.name.clone());
        let read = read(&path);
        if let (Ok(text), Some(known)) = (&read, self.files.get_mut(&path))
            && known.text.as_deref() == Some(text)
        {
            known.stamp = stamp;
            known.settled = same_stamp;
            return false;
        }
        let known = match read {
            Err(error) => Known {
                stamp,
                settled: false,
                text: None,
                finding: Some(Finding::unreadable(&path, &error, name().as_deref())),
                good,
            },
            Ok(text) => {
                let text: Arc<str> = text.into();
                let mut finding = None;
                let good = match Definition::read(Origin::File(path.clone()), text.clone()) {
                    Ok(definition) => Some(Arc::new(definition)),
                    Err(problems) => {
                        let named = path.display().to_string();
                        finding = Some(Finding::broken(
                            Place::File(path.clone()),
                            &named,
                            name().as_deref(),
                            problems,
                        ));
                        good
                    }
                };
                Known {
                    stamp,
                    settled: same_stamp,
                    text: Some(text),
                    good,
                    finding,
                }
            }
        };
        let same = self.files.get(&path).is_some_and(|before| {
            before.text.is_none() && known.text.is_none() && before.finding == known.finding
        });
        self.files.insert(path, known);
        !same
    }

    /// A connector stays with the file it was served from; one that two files newly name at once is served from neither.
    fn settle_owners(&mut self) {
        let mut named: BTreeMap<&str, Vec<&PathBuf>> = BTreeMap::new();
        for (path, known) in &self.files {
            if let Some(good) = &known.good {
                named.entry(&good.name).or_default().push(path);
            }
        }
        let owners = named.into_iter().filter_map(|(name, paths)| {
            let owner = match (&paths[..], self.owners.get(name)) {
                ([only], _) => *only,
                (several, Some(before)) if several.contains(&before) => before,
                _ => return None,
            };
            Some((name.to_owned(), owner.clone()))
        });
        self.owners = owners.collect();
    }
}

fn is_definition(path: &Path) -> bool {
    let hidden = path
        .file_name()
        .is_none_or(|name| name.to_string_lossy().starts_with('.'));
    let kind = path.extension().and_then(|extension| extension.to_str());
    !hidden && matches!(kind, Some("yaml" | "yml" | "json"))
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(READ_AT_MOST).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}
