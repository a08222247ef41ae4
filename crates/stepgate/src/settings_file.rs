//! The settings file: TOML, read strictly, and below flags and environment in rank.
//!
//! Each key stands for a flag and becomes that flag's default, so that there is one place where a value is checked, and
//! `--help` shows what the file says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};
use serde::Deserialize;

use crate::ending::Complaint;
use crate::sso_settings::Table;

/// What the file may say.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsFile {
    listen: Option<String>,
    public_url: Option<String>,
    data_dir: Option<PathBuf>,
    connectors: Option<PathBuf>,
    #[serde(default)]
    trusted_proxies: Vec<String>,
    metrics_listen: Option<String>,
    #[serde(default)]
    allow_private: Vec<String>,
    ca_file: Option<PathBuf>,
    reply_limit: Option<u64>,
    threads: Option<u64>,
    drain: Option<String>,
    #[serde(default)]
    log: Log,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    sso: BTreeMap<String, toml::Spanned<Table>>,
    /// In which line each table `[sso.NAME]` stands.
    #[serde(skip)]
    sso_lines: BTreeMap<String, usize>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Log {
    level: Option<String>,
    format: Option<String>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Limits {
    connections: Option<u64>,
    header_bytes: Option<u64>,
    header_time: Option<String>,
    idle_time: Option<String>,
    sign_ins_per_user: Option<u64>,
    sign_ins_per_app: Option<u64>,
    waits_per_user: Option<u64>,
    waits_per_app: Option<u64>,
    websockets: Option<u64>,
    websocket_idle_time: Option<String>,
}

impl SettingsFile {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read, or says what it may not; with the line.
    pub(crate) fn read(path: &Path) -> Result<Self, Complaint> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Complaint::usage(
                "settings_file",
                format!("cannot read the settings in {}: {error}", path.display()),
            )
        })?;
        let mut file: Self = toml::from_str(&text).map_err(|error| {
            Complaint::usage(
                "settings_file",
                format!("{}: {}", path.display(), error.to_string().trim_end()),
            )
            .help("docs/operating.md lists every setting")
        })?;
        let line = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let lines = file.sso.iter();
        let lines = lines.map(|(name, table)| (name.clone(), line(table.span().start)));
        file.sso_lines = lines.collect();
        Ok(file)
    }

    /// What it says of identity providers, by name.
    pub(crate) fn sso(&self) -> impl Iterator<Item = (&String, &Table)> {
        self.sso.iter().map(|(name, table)| (name, table.get_ref()))
    }

    /// The line, from 1, in which it speaks of this identity provider.
    pub(crate) fn line_of_sso(&self, name: &str) -> Option<usize> {
        self.sso_lines.get(name).copied()
    }

    /// The folder of definitions that is served.
    pub(crate) fn connectors(&self) -> Option<&Path> {
        self.connectors.as_deref()
    }

    /// The command line with what the file says as its defaults.
    pub(crate) fn defaults_of(&self, mut command: Command) -> Command {
        let mut global = |id: &'static str, values: Vec<String>| {
            if !values.is_empty() {
                command = std::mem::take(&mut command).mut_arg(id, |arg| defaulting(arg, values));
            }
        };
        global("data_dir", path(self.data_dir.as_ref()));
        global("allow_private", self.allow_private.clone());
        global("ca_file", path(self.ca_file.as_ref()));
        global("reply_limit", number(self.reply_limit));
        let public_url = text(self.public_url.as_ref());
        if !public_url.is_empty() {
            command = command.mut_subcommand("doctor", |doctor| {
                doctor.mut_arg("public_url", |arg| defaulting(arg, public_url))
            });
        }
        command.mut_subcommand("serve", |serve| {
            let pairs = [
                ("listen", text(self.listen.as_ref())),
                ("public_url", text(self.public_url.as_ref())),
                ("connectors", path(self.connectors.as_ref())),
                ("trusted_proxies", self.trusted_proxies.clone()),
                ("metrics_listen", text(self.metrics_listen.as_ref())),
                ("threads", number(self.threads)),
                ("drain", text(self.drain.as_ref())),
                ("log_level", text(self.log.level.as_ref())),
                ("log_format", text(self.log.format.as_ref())),
                ("max_connections", number(self.limits.connections)),
                ("header_bytes", number(self.limits.header_bytes)),
                ("header_time", text(self.limits.header_time.as_ref())),
                ("idle_time", text(self.limits.idle_time.as_ref())),
                ("sign_ins_per_user", number(self.limits.sign_ins_per_user)),
                ("sign_ins_per_app", number(self.limits.sign_ins_per_app)),
                ("waits_per_user", number(self.limits.waits_per_user)),
                ("waits_per_app", number(self.limits.waits_per_app)),
                ("max_websockets", number(self.limits.websockets)),
                (
                    "websocket_idle_time",
                    text(self.limits.websocket_idle_time.as_ref()),
                ),
            ];
            pairs
                .into_iter()
                .filter(|(_, values)| !values.is_empty())
                .fold(serve, |serve, (id, values)| {
                    serve.mut_arg(id, |arg| defaulting(arg, values))
                })
        })
    }
}

/// What is wrong with a value of the file, and in which line it stands.
pub(crate) fn complaint(path: &Path, error: &clap::Error) -> Complaint {
    let value = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) => value.as_str(),
        _ => "",
    };
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) => flag.as_str(),
        _ => "",
    };
    let line = std::fs::read_to_string(path)
        .ok()
        .and_then(|text| line_of(&text, &key_of(flag), value))
        .map(|line| format!(", line {line}"));
    let said = error.to_string();
    let first = said.lines().next().unwrap_or_default();
    Complaint::usage(
        "settings_file",
        format!(
            "{}{}: {}",
            path.display(),
            line.unwrap_or_default(),
            first.trim_start_matches("error: ")
        ),
    )
    .help("docs/operating.md lists every setting")
}

/// The key that stands for a flag, such as `--header-time <TIME>`.
fn key_of(flag: &str) -> String {
    let name = flag.trim_start_matches('-').split([' ', '=']).next();
    match name.unwrap_or_default() {
        "max-connections" => "connections".to_owned(),
        "log-level" => "level".to_owned(),
        "log-format" => "format".to_owned(),
        name => name.replace('-', "_"),
    }
}

/// The line, from 1, in which this value of this key stands; a list may go over several.
fn line_of(text: &str, key: &str, value: &str) -> Option<usize> {
    let is_key = |line: &str| {
        let name = line.split_once('=').map(|(name, _)| name.trim());
        name.is_some_and(|name| name == key || name.ends_with(&format!(".{key}")))
    };
    let from = text.lines().position(is_key)?;
    let mut lines = text.lines().skip(from);
    let further = lines.position(|line| !value.is_empty() && line.contains(value));
    Some(from + further.unwrap_or(0) + 1)
}

fn defaulting(arg: Arg, values: Vec<String>) -> Arg {
    arg.default_values(values)
}

fn text(value: Option<&String>) -> Vec<String> {
    value.cloned().into_iter().collect()
}

fn path(value: Option<&PathBuf>) -> Vec<String> {
    value
        .map(|path| path.to_string_lossy().into_owned())
        .into_iter()
        .collect()
}

fn number(value: Option<u64>) -> Vec<String> {
    value.map(|number| number.to_string()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::{CommandFactory, FromArgMatches};

    use super::SettingsFile;
    use crate::arguments::{Arguments, Command};

    fn parse(file: &str, line: &str) -> Arguments {
        let file: SettingsFile = toml::from_str(file).unwrap();
        let command = file.defaults_of(Arguments::command());
        let matches = command.try_get_matches_from(line.split(' ')).unwrap();
        Arguments::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn what_the_file_says_is_a_default() {
        let file = "listen = '0.0.0.0:80'\ndata_dir = '/var/lib/stepgate'\nallow_private = ['10.0.0.0/8', '127.0.0.1']\ndrain = '5s'\n[log]\nformat = 'json'\n[limits]\nheader_time = '3s'\n";
        let arguments = parse(file, "stepgate serve");
        assert_eq!(
            arguments.everywhere.data_dir,
            Path::new("/var/lib/stepgate")
        );
        assert_eq!(arguments.everywhere.allow_private.len(), 2);
        let Command::Serve(serve) = arguments.command else {
            panic!("serve was typed")
        };
        assert_eq!(serve.listen.to_string(), "0.0.0.0:80");
        assert_eq!((serve.drain.as_secs(), serve.header_time.as_secs()), (5, 3));
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let arguments = parse(
            "listen = '0.0.0.0:80'\nallow_private = ['10.0.0.0/8']",
            "stepgate serve --listen 127.0.0.1:0 --allow-private 127.0.0.0/8",
        );
        assert_eq!(arguments.everywhere.allow_private.len(), 1);
        let Command::Serve(serve) = arguments.command else {
            panic!("serve was typed")
        };
        assert_eq!(serve.listen.to_string(), "127.0.0.1:0");
    }

    #[test]
    fn a_value_is_found_in_its_own_line() {
        let text = "listen = '127.0.0.1:1'\nthreads = 0\nlog.level = 'x'\nallow_private = [\n  '10.0.0.0/8',\n  'ten',\n]\n[limits]\n connections = 1\n";
        let table = [
            ("--threads <N>", "0", Some(2)),
            ("--log-level <LEVEL>", "x", Some(3)),
            ("--allow-private <RANGE>", "ten", Some(6)),
            ("--max-connections <N>", "1", Some(9)),
            ("--drain <TIME>", "soon", None),
        ];
        for (flag, value, line) in table {
            assert_eq!(
                super::line_of(text, &super::key_of(flag), value),
                line,
                "{flag}"
            );
        }
    }

    #[test]
    fn what_the_file_may_not_say_is_named_with_its_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("stepgate.toml");
        for (text, expected) in [
            ("listen = '127.0.0.1:1'\nlisten_on = 3\n", "line 2"),
            ("[limits]\nconnections = 'many'\n", "line 2"),
            ("listen = \n", "line 1"),
        ] {
            std::fs::write(&path, text).unwrap();
            let complaint = SettingsFile::read(&path).unwrap_err();
            assert!(
                complaint.message.contains(expected),
                "{}",
                complaint.message
            );
            assert!(complaint.message.contains("stepgate.toml"));
        }
    }
}
