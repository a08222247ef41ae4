//! All of the page: as the build script found it, or as a folder has it while the page is worked on.

use crate::error::ServerError;
use crate::page::file::File;
use crate::page::index::Index;
use bytes::Bytes;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The page.
#[derive(Debug)]
pub(crate) struct Site {
    files: Vec<File>,
    /// The document around the files; none where no page was built.
    pub(crate) index: Option<Index>,
}

/// A file as the build script writes it down.
struct BuiltIn {
    path: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

/// What the build found.
static BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

impl Site {
    /// What is in the binary, or what this folder holds.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, ServerError> {
        let files = match folder {
            None => BUILT_IN.iter().map(File::from).collect(),
            Some(folder) => read(folder).map_err(|source| ServerError::Page {
                folder: folder.to_owned(),
                source,
            })?,
        };
        Ok(Self::new(files))
    }

    /// The file of this name.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// What a source below `web/` was built into, by the manifest of the build.
    pub(crate) fn entry(&self, source: &str) -> Option<&File> {
        let manifest = self.file(".vite/manifest.json")?;
        let manifest: serde_json::Value = serde_json::from_slice(&manifest.plain).ok()?;
        self.file(manifest[source]["file"].as_str()?)
    }

    fn new(files: Vec<File>) -> Self {
        let index = files.iter().find(|file| file.path == "index.html");
        let index = index.map(|file| Index::new(&String::from_utf8_lossy(&file.plain)));
        Self { files, index }
    }
}

impl From<&BuiltIn> for File {
    fn from(built: &BuiltIn) -> Self {
        Self {
            path: built.path.to_owned(),
            plain: Bytes::from_static(built.plain),
            gzip: built.gzip.map(Bytes::from_static),
            brotli: built.brotli.map(Bytes::from_static),
        }
    }
}

/// The files of a folder as they are; nothing is compressed for whoever works on them.
fn read(folder: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            match entry.file_type()?.is_dir() {
                true => folders.push(path),
                false => files.push(File {
                    path: path.to_string_lossy().into_owned(),
                    plain: fs::read(entry.path())?.into(),
                    gzip: None,
                    brotli: None,
                }),
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::Site;
    use std::fs;

    #[test]
    fn a_folder_is_the_page_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("assets")).unwrap();
        fs::write(folder.path().join("index.html"), "<html>").unwrap();
        fs::write(folder.path().join("assets/a.js"), "1").unwrap();
        fs::create_dir(folder.path().join(".vite")).unwrap();
        let manifest = r#"{ "src/a.ts": { "file": "assets/a.js" } }"#;
        fs::write(folder.path().join(".vite/manifest.json"), manifest).unwrap();
        let site = Site::open(Some(folder.path())).unwrap();
        assert!(site.index.is_some());
        assert_eq!(&site.file("assets/a.js").unwrap().plain[..], b"1");
        assert!(site.file("assets/b.js").is_none());
        assert_eq!(&site.entry("src/a.ts").unwrap().plain[..], b"1");
        assert!(site.entry("src/b.ts").is_none());
        assert!(Site::open(Some(&folder.path().join("none"))).is_err());
    }
}
