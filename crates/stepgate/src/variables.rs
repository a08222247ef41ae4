//! Names of environment variables that are taken for settings and are none: a slip that would otherwise go unseen.

use clap::{Command, CommandFactory};

use crate::arguments::Arguments;
use crate::sso_settings;

/// What all of ours begin with.
const PREFIX: &str = "STEPGATE_";

/// Those that stand for no flag.
const FURTHER: [&str; 2] = ["STEPGATE_KEY", "STEPGATE_KEY_FILE"];

/// Those whose names end as a definition says.
const OPEN_ENDED: [&str; 3] = ["STEPGATE_SECRET_", "STEPGATE_ANSWER_", sso_settings::PREFIX];

/// Says which variables, of the process's own, nothing reads.
pub(crate) fn warn() {
    let known = known();
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| is_unknown(name, &known)) {
        match model::nearest(&name, known.iter().map(String::as_str)) {
            Some(near) => tracing::warn!("nothing reads {name}; is {near} meant?"),
            None => tracing::warn!("nothing reads {name}"),
        }
    }
}

fn known() -> Vec<String> {
    let command = Arguments::command();
    let of = |command: &Command| -> Vec<String> {
        let names = command.get_arguments().filter_map(|arg| arg.get_env());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    };
    let mut all = of(&command);
    all.extend(command.get_subcommands().flat_map(of));
    all.extend(FURTHER.map(str::to_owned));
    all
}

fn is_unknown(name: &str, known: &[String]) -> bool {
    name.starts_with(PREFIX)
        && !known.iter().any(|one| one == name)
        && !OPEN_ENDED.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::{is_unknown, known};

    #[test]
    fn only_what_begins_as_ours_and_is_none_is_unknown() {
        let known = known();
        for (name, unknown) in [
            ("STEPGATE_LISTEN", false),
            ("STEPGATE_DATA_DIR", false),
            ("STEPGATE_KEY_FILE", false),
            ("STEPGATE_SECRET_WIKI_CLIENT_SECRET_FILE", false),
            ("STEPGATE_ANSWER_FORM1_PASSWORD", false),
            ("STEPGATE_LISTN", true),
            ("STEPGATE_PUBLICURL", true),
            ("PATH", false),
        ] {
            assert_eq!(is_unknown(name, &known), unknown, "{name}");
        }
    }
}
