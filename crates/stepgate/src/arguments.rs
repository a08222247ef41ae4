//! The command line as people type it: sub-commands, flags and their help texts.

#![allow(rustdoc::bare_urls, reason = "these texts are read in a terminal")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ipnet::IpNet;
use url::Url;

/// Signs in to APIs whose sign-in takes more than one step, and calls them.
#[derive(Debug, Parser)]
#[command(
    name = "stepgate",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit status: 0 done; 1 the API answered 400 or more, or `expect` said no; \
2 definition or usage; 3 a person is needed; 4 our own fault; 5 the sign-in was refused; \
6 the API's passing fault (no reply, 408, 425, 429, 502, 503, 504)."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) everywhere: Everywhere,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Everywhere {
    /// A TOML file of settings; flags and environment win over it
    #[arg(long, global = true, env = "STEPGATE_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where connections, secrets and the master key live
    #[arg(
        long,
        global = true,
        env = "STEPGATE_DATA_DIR",
        value_name = "DIR",
        default_value = "./stepgate-data"
    )]
    pub(crate) data_dir: PathBuf,
    /// The environment of the definition to use, such as `staging`
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// Replace a value of the definition: base_url=.. or variables.x=..
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) set: Vec<(String, String)>,
    /// Which connection, by id or label, where there are several
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    /// Whose connection; left out: `local`, which no app reaches
    #[arg(long, global = true, value_name = "APP/USER", value_parser = user)]
    pub(crate) user: Option<String>,
    /// A private address range that may be reached, such as 127.0.0.0/8
    #[arg(long, global = true, env = "STEPGATE_ALLOW_PRIVATE", value_name = "RANGE", value_delimiter = ',', value_parser = range)]
    pub(crate) allow_private: Vec<IpNet>,
    /// A PEM file of further root certificates to trust
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// The most of a reply that a flow reads, in bytes
    #[arg(long, global = true, env = "STEPGATE_REPLY_LIMIT", value_name = "BYTES", default_value_t = 8 << 20, value_parser = clap::value_parser!(u64).range(1024..=1 << 30))]
    pub(crate) reply_limit: u64,
    /// The user's single sign-on, for `sso_token` steps: a file with a token, or JSON with access_token and id_token
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) sso_token_file: Option<PathBuf>,
    /// How to print: for people, or for programs
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// One sub-command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the gateway, the API and the sign-in pages
    Serve(Serve),
    /// Make apps, which call through the gateway
    #[command(subcommand)]
    App(App),
    /// Check definitions and say all that is wrong with them
    Check {
        /// Definitions to check
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Run a flow with a live timeline, then the test API
    Run(Run),
    /// Call an endpoint, or METHOD PATH below the base URL, signed in
    Call(Call),
    /// Send the test API with the stored credential
    Test {
        /// The definition
        file: PathBuf,
        #[command(flatten)]
        sign_in: SignIn,
    },
    /// List, forget or sign out connections
    #[command(subcommand)]
    Connections(Connections),
    /// Set a connector's secrets
    #[command(subcommand)]
    Secret(Secret),
    /// Print the JSON Schema of definitions
    Schema,
    /// Print a new master key for STEPGATE_KEY
    Keygen,
    /// Look at this installation and say what needs mending
    Doctor {
        /// Where browsers reach the server, such as https://gate.example.org
        #[arg(long, env = "STEPGATE_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
        public_url: Option<Url>,
    },
    /// Sign in, call, expire and renew against a small built-in API
    Demo {
        /// How many seconds the demonstration's tokens live
        #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(2..=600))]
        token_seconds: u64,
    },
    /// Print shell completions
    Completions {
        /// The shell to complete for
        shell: Shell,
    },
}

/// `stepgate serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The address and port to listen on; port 0 picks one
    #[arg(
        long,
        env = "STEPGATE_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    pub(crate) listen: SocketAddr,
    /// A folder of definitions, read again when a file changes
    #[arg(long, env = "STEPGATE_CONNECTORS", value_name = "DIR")]
    pub(crate) connectors: Option<PathBuf>,
    /// A folder that the web page is served from, for those who work on it; left out: the page of this binary
    #[arg(long, env = "STEPGATE_WEB", value_name = "DIR", hide = true)]
    pub(crate) web: Option<PathBuf>,
    /// Where browsers reach this server, such as https://gate.example.org; left out: the address listened on
    #[arg(long, env = "STEPGATE_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub(crate) public_url: Option<Url>,
    /// A network of proxies whose X-Forwarded-For or Forwarded tells who asks
    #[arg(long, env = "STEPGATE_TRUSTED_PROXIES", value_name = "RANGE", value_delimiter = ',', value_parser = range)]
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// An address and port of their own for metrics; left out: on --listen, for this machine alone while no --public-url is set
    #[arg(long, env = "STEPGATE_METRICS_LISTEN", value_name = "ADDRESS")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Threads that take calls; left out: one for each CPU
    #[arg(long, env = "STEPGATE_THREADS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// How long calls under way may take to end at a stop
    #[arg(long, env = "STEPGATE_DRAIN", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub(crate) drain: Duration,
    /// The most connections from callers at once
    #[arg(
        long,
        env = "STEPGATE_MAX_CONNECTIONS",
        value_name = "N",
        default_value_t = 10_000
    )]
    pub(crate) max_connections: u32,
    /// The most bytes of a call's header
    #[arg(long, env = "STEPGATE_HEADER_BYTES", value_name = "BYTES", default_value_t = 64 << 10, value_parser = clap::value_parser!(u32).range(8192..=1 << 20))]
    pub(crate) header_bytes: u32,
    /// How long a caller may take to send a header
    #[arg(long, env = "STEPGATE_HEADER_TIME", value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) header_time: Duration,
    /// How long a connection may wait for its next call
    #[arg(long, env = "STEPGATE_IDLE_TIME", value_name = "TIME", default_value = "75s", value_parser = duration)]
    pub(crate) idle_time: Duration,
    /// The most sign-ins of one user that may be open at once
    #[arg(
        long,
        env = "STEPGATE_SIGN_INS_PER_USER",
        value_name = "N",
        default_value_t = 16
    )]
    pub(crate) sign_ins_per_user: u16,
    /// The most sign-ins of one app that may be open at once
    #[arg(
        long,
        env = "STEPGATE_SIGN_INS_PER_APP",
        value_name = "N",
        default_value_t = 1_000
    )]
    pub(crate) sign_ins_per_app: u16,
    /// The most calls and event streams of one user that may wait for a sign-in at once
    #[arg(
        long,
        env = "STEPGATE_WAITS_PER_USER",
        value_name = "N",
        default_value_t = 32
    )]
    pub(crate) waits_per_user: u16,
    /// The most calls and event streams of one app that may wait for sign-ins at once
    #[arg(
        long,
        env = "STEPGATE_WAITS_PER_APP",
        value_name = "N",
        default_value_t = 500
    )]
    pub(crate) waits_per_app: u16,
    /// The most WebSockets of one app at once
    #[arg(
        long,
        env = "STEPGATE_MAX_WEBSOCKETS",
        value_name = "N",
        default_value_t = 1000
    )]
    pub(crate) max_websockets: u32,
    /// How long nothing may pass on a WebSocket
    #[arg(long, env = "STEPGATE_WEBSOCKET_IDLE_TIME", value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub(crate) websocket_idle_time: Duration,
    /// What to log: error, warn, info, debug, or a filter such as info,server=debug
    #[arg(
        long,
        env = "STEPGATE_LOG",
        value_name = "LEVEL",
        default_value = "info"
    )]
    pub(crate) log_level: String,
    /// How to log: for people, or for programs
    #[arg(
        long,
        env = "STEPGATE_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub(crate) log_format: Format,
    /// Serve the built-in demonstration API and its connector too
    #[arg(long)]
    pub(crate) demo: bool,
}

/// `stepgate app`.
#[derive(Debug, Subcommand)]
pub(crate) enum App {
    /// Make an app and print its key, which is shown this once
    Create(AppCreate),
}

/// `stepgate app create`.
#[derive(Debug, Args)]
pub(crate) struct AppCreate {
    /// The app's name: a-z, 0-9 and -
    pub(crate) name: String,
    /// The connectors it may use
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) connectors: Vec<String>,
    /// An origin whose pages may call, such as https://app.example.org
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub(crate) origins: Vec<String>,
    /// An address that the sign-in page may lead back to
    #[arg(long = "return-to", value_name = "URL")]
    pub(crate) return_addresses: Vec<String>,
}

/// `stepgate run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The definition
    pub(crate) file: PathBuf,
    /// Which flow
    #[arg(long, value_name = "FLOW", default_value = "auth")]
    pub(crate) flow: Flow,
    /// Show values in the clear; asks once more before it does
    #[arg(long)]
    pub(crate) show_secrets: bool,
    #[command(flatten)]
    pub(crate) sign_in: SignIn,
}

/// The three flows of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Flow {
    /// Signs a user in.
    Auth,
    /// Renews the session.
    Refresh,
    /// Ends the session.
    Logout,
}

/// How a sign-in gets what it needs from outside.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Sign-in")]
pub(crate) struct SignIn {
    /// A form's answer: form1.username=alice
    #[arg(long = "answer", value_name = "FORM.FIELD=VALUE", value_parser = pair)]
    pub(crate) answer: Vec<(String, String)>,
    /// A YAML file of answers (`form1.password: ..`), or - for stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// The port on 127.0.0.1 where browser steps come back; 0 picks one
    #[arg(long, value_name = "PORT", default_value_t = 8914)]
    pub(crate) callback_port: u16,
    /// At which identity provider of the settings to sign in for `sso_token` steps, where there are several
    #[arg(long, value_name = "NAME")]
    pub(crate) sso: Option<String>,
    /// How long to wait for a browser step, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    pub(crate) wait: Duration,
}

/// `stepgate call`.
#[derive(Debug, Args)]
pub(crate) struct Call {
    /// The definition
    pub(crate) file: PathBuf,
    /// An endpoint's name, or the method of the call
    #[arg(value_name = "ENDPOINT | METHOD")]
    pub(crate) what: String,
    /// The path below the base URL, where the method stands before it
    pub(crate) path: Option<String>,
    /// A parameter of the endpoint
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, conflicts_with = "path")]
    pub(crate) parameter: Vec<(String, String)>,
    /// A query parameter
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, requires = "path")]
    pub(crate) query: Vec<(String, String)>,
    /// A header
    #[arg(long, value_name = "NAME: VALUE", value_parser = header, requires = "path")]
    pub(crate) header: Vec<(String, String)>,
    /// The body: text, @file, or - for stdin
    #[arg(long, value_name = "D", requires = "path", group = "body")]
    pub(crate) data: Option<String>,
    /// The body as JSON: text, @file, or - for stdin
    #[arg(long, value_name = "D", requires = "path", group = "body")]
    pub(crate) json: Option<String>,
    /// A field of a form body
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, requires = "path", group = "body")]
    pub(crate) form: Vec<(String, String)>,
    /// Print status line and headers first
    #[arg(long)]
    pub(crate) include: bool,
    #[command(flatten)]
    pub(crate) sign_in: SignIn,
}

/// `stepgate connections`.
#[derive(Debug, Subcommand)]
pub(crate) enum Connections {
    /// List the connections of a connector
    List {
        /// The definition
        file: PathBuf,
    },
    /// Forget a credential without telling the API
    Clear {
        /// The definition
        file: PathBuf,
    },
    /// Send the logout, then forget the credential
    SignOut {
        /// The definition
        file: PathBuf,
    },
}

/// `stepgate secret`.
#[derive(Debug, Subcommand)]
pub(crate) enum Secret {
    /// Store a secret; its value comes from stdin or a prompt
    Set {
        /// The definition
        file: PathBuf,
        /// The secret's name
        name: String,
    },
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as 'Name: value'".to_owned()),
    }
}

fn user(text: &str) -> Result<String, String> {
    match text.split_once('/') {
        Some((app, user)) if !app.is_empty() && !user.is_empty() => Ok(text.to_owned()),
        _ => Err("write it as APP/USER".to_owned()),
    }
}

fn range(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| "write a range such as 127.0.0.0/8 or fd00::/8".to_owned())
}

fn public_url(text: &str) -> Result<Url, String> {
    let wrong = || "write an origin such as https://gate.example.org, without a path".to_owned();
    let url = Url::parse(text).map_err(|_| wrong())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    match url.scheme() {
        "http" | "https" if bare && url.username().is_empty() && url.password().is_none() => {
            Ok(url)
        }
        _ => Err(wrong()),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a time such as 90s, 5m or 1h".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(unit)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn flags_stand_before_or_after_the_command() {
        for line in [
            "stepgate --format json check a.yaml",
            "stepgate check a.yaml --format json",
        ] {
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(arguments.everywhere.format, Format::Json, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for line in [
            "stepgate",
            "stepgate check",
            "stepgate call a.yaml",
            "stepgate call a.yaml list --query a=b",
            "stepgate call a.yaml GET /x --parameter a=b",
            "stepgate call a.yaml POST /x --json {} --form a=b",
            "stepgate run a.yaml --user nobody",
            "stepgate run a.yaml --allow-private here",
            "stepgate run a.yaml --wait soon",
            "stepgate run a.yaml --set x",
        ] {
            let error = Arguments::try_parse_from(line.split(' ')).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn times_have_units() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("1h", 3600)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)));
        }
        for text in ["", "m", "5 m", "5d", "-1s", "99999999999999999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
