//! How the installation itself is set: where the key lies, who reads the data, what may be reached.

use std::path::{Path, PathBuf};

use ipnet::IpNet;
use outbound::Client;
use store::KeySource;

use super::Finding;

/// What an operator set that the server only tells of.
#[derive(Clone, Default)]
pub struct Installation {
    /// The data folder, where one is known.
    pub data_dir: Option<PathBuf>,
    /// Where the master key comes from.
    pub key: KeyPlace,
    /// Private addresses that may be reached all the same.
    pub allow_private: Vec<IpNet>,
    /// The variables that name a proxy.
    pub proxies: Vec<&'static str>,
    /// What may reach the server's own address, wherever that is; left out: nobody looks there.
    pub own: Option<Client>,
    /// The demonstration that is served, where one is.
    pub demonstration: Option<Demonstration>,
}

/// A connector whose API comes with the binary, to be tried out.
#[derive(Clone, Debug)]
pub struct Demonstration {
    /// The connector.
    pub connector: String,
    /// The one user that its API knows.
    pub user: String,
    /// That user's password, which is no secret.
    pub password: String,
}

/// Where the master key comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyPlace {
    /// The value of `STEPGATE_KEY`.
    Environment,
    /// The file that `STEPGATE_KEY_FILE` names.
    File(PathBuf),
    /// A file in the data folder, made at the first start.
    #[default]
    DataFolder,
}

impl From<&KeySource> for KeyPlace {
    fn from(source: &KeySource) -> Self {
        match source {
            KeySource::Env(_) => Self::Environment,
            KeySource::File(path) => Self::File(path.clone()),
            KeySource::InDataDir => Self::DataFolder,
        }
    }
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Installation")
            .field("data_dir", &self.data_dir)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Where the master key comes from, and what to keep of it.
pub async fn key(place: &KeyPlace) -> Finding {
    let finding = |sound, detail| Finding {
        what: "key",
        sound,
        detail,
    };
    /// Nobody can make it again, so that this is said wherever it comes from.
    const COPY: &str =
        "keep a copy of it apart from the data: without it nothing that is stored opens again";
    match place {
        KeyPlace::Environment => finding(
            true,
            format!("the master key comes from STEPGATE_KEY; {COPY}"),
        ),
        KeyPlace::File(path) => {
            let source = KeySource::File(path.clone());
            // What is called a file may be a mount that answers late.
            let looked = tokio::task::spawn_blocking(move || store::check_key(&source)).await;
            let Ok(looked) = looked else {
                return finding(false, format!("looking at {} broke off", path.display()));
            };
            match looked.map(|notices| notices.first().map(ToString::to_string)) {
                Ok(None) => finding(
                    true,
                    format!("the master key comes from {}; {COPY}", path.display()),
                ),
                Ok(Some(notice)) => finding(false, notice),
                Err(error) => finding(false, error.to_string()),
            }
        }
        KeyPlace::DataFolder => finding(
            true,
            format!(
                "the master key was made by Stepgate and lies in the data folder; for a server, set STEPGATE_KEY_FILE to keep it apart from the data, and {COPY}"
            ),
        ),
    }
}

/// Whether the data folder is its owner's alone.
pub async fn data_folder(dir: &Path) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let (sound, detail) = match tokio::fs::metadata(dir).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (
            true,
            format!(
                "{} is not there yet, and is made at the first sign-in",
                dir.display()
            ),
        ),
        Err(error) => (false, format!("{}: {error}", dir.display())),
        Ok(found) if found.permissions().mode() & 0o077 != 0 => (
            false,
            format!("others can read {0}: chmod 700 {0}", dir.display()),
        ),
        Ok(_) => (true, format!("{} is yours alone", dir.display())),
    };
    Finding {
        what: "data folder",
        sound,
        detail,
    }
}

/// Which private addresses may be reached.
#[must_use]
pub fn policy(allow_private: &[IpNet]) -> String {
    let ranges: Vec<String> = allow_private.iter().map(ToString::to_string).collect();
    match ranges.is_empty() {
        true => "private addresses are refused".to_owned(),
        false => format!(
            "private addresses are refused, but for {}",
            ranges.join(", ")
        ),
    }
}

/// The variables that name a proxy, as far as they are set.
#[must_use]
pub fn proxies() -> Vec<&'static str> {
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]
        .into_iter()
        .filter(|name| std::env::var_os(name).is_some())
        .collect()
}

/// By which proxies APIs are reached.
#[must_use]
pub fn proxy(names: &[&str]) -> Finding {
    Finding {
        what: "proxy",
        sound: true,
        detail: match names.is_empty() {
            true => "none".to_owned(),
            false => format!("from {}", names.join(", ")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyPlace, KeySource, data_folder, key, policy, proxy};
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn wherever_the_key_is_a_copy_of_it_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        std::fs::write(&file, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
        for place in [
            KeyPlace::Environment,
            KeyPlace::File(file.clone()),
            KeyPlace::from(&KeySource::InDataDir),
        ] {
            let found = key(&place).await;
            assert!(found.sound && found.detail.contains("copy"), "{found:?}");
        }
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        assert!(!key(&KeyPlace::File(file)).await.sound);
        assert!(!key(&KeyPlace::File("/nonexistent/key".into())).await.sound);
    }

    #[tokio::test]
    async fn a_key_that_comes_late_holds_up_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("late.key");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let place = KeyPlace::File(pipe.clone());
        // On the one thread of this test, after the look has begun.
        let come = async {
            let late = tokio::task::spawn_blocking(move || std::fs::write(pipe, "no key"));
            late.await.unwrap().unwrap();
        };
        let (found, ()) = tokio::join!(key(&place), come);
        assert!(!found.sound, "{found:?}");
    }

    #[tokio::test]
    async fn a_folder_that_others_read_is_not_sound() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o700)).unwrap();
        assert!(data_folder(folder.path()).await.sound);
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o750)).unwrap();
        assert!(!data_folder(folder.path()).await.sound);
    }

    #[test]
    fn what_is_set_is_named() {
        assert_eq!(policy(&[]), "private addresses are refused");
        assert!(policy(&["10.0.0.0/8".parse().unwrap()]).ends_with("but for 10.0.0.0/8"));
        assert_eq!(proxy(&["HTTP_PROXY"]).detail, "from HTTP_PROXY");
        assert_eq!(proxy(&[]).detail, "none");
    }
}
