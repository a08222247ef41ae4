//! `stepgate doctor`: looks at this installation and says what needs mending.

use std::path::Path;
use std::time::SystemTime;

use http::Method;
use outbound::{Cookies, Outgoing};
use serde_json::json;
use server::SsoProvider;
use server::doctor::{self, CALLBACK, Finding, Reached};
use sso::RelyingParty;
use store::{DATABASE_FILE, KeySource};
use url::Url;

use crate::arguments::{Everywhere, Format};
use crate::command::unprintable;
use crate::ending::{Complaint, Ending};
use crate::served_folder::known_connectors;
use crate::sso_settings;
use crate::terminal::Terminal;
use crate::wiring;

pub(crate) async fn doctor(
    everywhere: &Everywhere,
    terminal: Terminal,
    public_url: Option<&Url>,
) -> Result<Ending, Complaint> {
    let (store, apis) = store(everywhere, terminal).await;
    let reached = match wiring::engine(everywhere) {
        Ok(engine) => doctor::reach(&engine, apis).await,
        // The sandbox's finding says why.
        Err(_) => Vec::new(),
    };
    let findings = [
        clock(&reached),
        key(),
        folder(&everywhere.data_dir),
        store,
        sandbox(everywhere).await,
        egress(everywhere, &reached),
        proxy(),
        callback(everywhere, public_url).await,
        single_sign_on(everywhere, public_url).await,
    ];
    for finding in &findings {
        let line = match terminal.format {
            Format::Json => {
                json!({"what": finding.what, "ok": finding.sound, "detail": finding.detail})
                    .to_string()
            }
            Format::Text => format!(
                "{} {}: {}",
                if finding.sound { "✓" } else { "✗" },
                finding.what,
                finding.detail
            ),
        };
        terminal.out(&line).map_err(unprintable)?;
    }
    Ok(if findings.iter().all(|finding| finding.sound) {
        Ending::Done
    } else {
        Ending::Ours
    })
}

fn clock(reached: &[Reached]) -> Finding {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    doctor::clock(i64::try_from(now).unwrap_or(i64::MAX), reached)
}

fn key() -> Finding {
    let source = wiring::key_source();
    let unusable = match store::check_key(&source) {
        Err(error) => Some(error.to_string()),
        Ok(notices) => notices.first().map(ToString::to_string),
    };
    if let Some(detail) = unusable {
        return Finding {
            what: "key",
            sound: false,
            detail,
        };
    }
    let detail = match source {
        KeySource::Env(_) => "the master key comes from STEPGATE_KEY".to_owned(),
        KeySource::File(path) => format!("the master key comes from {}", path.display()),
        KeySource::InDataDir => "the master key lies in the data folder; for a server, set STEPGATE_KEY_FILE to keep it apart from the data".to_owned(),
    };
    Finding {
        what: "key",
        sound: true,
        detail,
    }
}

fn folder(dir: &Path) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let (sound, detail) = match std::fs::metadata(dir) {
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

/// Opens a store that is there, for looking must not make one; and the APIs of the connectors that are known here.
async fn store(everywhere: &Everywhere, terminal: Terminal) -> (Finding, Vec<(String, Url)>) {
    let finding = |sound, detail| Finding {
        what: "store",
        sound,
        detail,
    };
    if !everywhere.data_dir.join(DATABASE_FILE).exists() {
        return (finding(true, "none yet".to_owned()), Vec::new());
    }
    let store = match wiring::open_store(everywhere, terminal) {
        Ok(store) => store,
        Err(complaint) => return (finding(false, complaint.message), Vec::new()),
    };
    match known_connectors(everywhere, &store).await {
        Ok(known) => (
            finding(true, "opens with this key".to_owned()),
            known.into_iter().collect(),
        ),
        Err(complaint) => (finding(false, complaint.message), Vec::new()),
    }
}

async fn sandbox(everywhere: &Everywhere) -> Finding {
    match wiring::engine(everywhere) {
        Err(complaint) => Finding {
            what: "script sandbox",
            sound: false,
            detail: complaint.message,
        },
        Ok(engine) => doctor::sandbox(&engine).await,
    }
}

fn egress(everywhere: &Everywhere, reached: &[Reached]) -> Finding {
    let allowed = everywhere.allow_private.iter();
    let ranges: Vec<String> = allowed.map(ToString::to_string).collect();
    let policy = match ranges.is_empty() {
        true => "private addresses are refused".to_owned(),
        false => format!(
            "private addresses are refused, but for {}",
            ranges.join(", ")
        ),
    };
    doctor::egress(&policy, reached)
}

/// Where browsers come back to, and whether this server answers there.
async fn callback(everywhere: &Everywhere, public_url: Option<&Url>) -> Finding {
    let finding = |sound, detail| Finding {
        what: CALLBACK,
        sound,
        detail,
    };
    let Some(url) = public_url else {
        return finding(
            true,
            "none is set, so browsers come back to the address listened on; for browsers elsewhere set STEPGATE_PUBLIC_URL".to_owned(),
        );
    };
    let address = format!("{}callback/CONNECTOR", url);
    if let Some(finding) = doctor::not_encrypted(url) {
        return finding;
    }
    match health(everywhere, url).await {
        Ok(()) => finding(
            true,
            format!("register {address} with APIs that redirect back; this server answers there"),
        ),
        Err(why) => finding(
            false,
            format!(
                "no Stepgate is reached at {url} from here: {why}. Start the server, or mend STEPGATE_PUBLIC_URL or the proxy before it"
            ),
        ),
    }
}

/// Whether each identity provider answers, and is the one that it should be.
async fn single_sign_on(everywhere: &Everywhere, public_url: Option<&Url>) -> Finding {
    let finding = |sound, detail| Finding {
        what: "single sign-on",
        sound,
        detail,
    };
    let providers = match sso_settings::providers(everywhere.config.as_deref()) {
        Ok(providers) if providers.is_empty() => return finding(true, "none is set".to_owned()),
        Ok(providers) => providers,
        Err(complaint) => return finding(false, complaint.message),
    };
    let engine = match wiring::engine(everywhere) {
        Ok(engine) => engine,
        Err(complaint) => return finding(false, complaint.message),
    };
    let mut sound = true;
    let mut lines = Vec::new();
    for SsoProvider {
        provider,
        admission,
    } in providers
    {
        let name = provider.name.clone();
        let admits = match admission {
            Some(_) => "",
            None => {
                ", and admits none of your own people: set `domains` or `role_claim` if it should"
            }
        };
        let (client, clock, random) = (
            engine.client.clone(),
            engine.clock.clone(),
            engine.random.clone(),
        );
        let party = RelyingParty::new(provider, client, clock, random);
        let line = match (party.look().await, public_url) {
            (Ok(()), Some(url)) => {
                format!("{name} answers{admits}; register {url}sso/{name}/callback with it")
            }
            (Ok(()), None) => {
                format!("{name} answers{admits}; register …/sso/{name}/callback with it")
            }
            (Err(error), _) => {
                sound = false;
                format!("{name}: {error}")
            }
        };
        lines.push(line);
    }
    finding(sound, lines.join("\n    "))
}

/// Whether a Stepgate answers at this address.
async fn health(everywhere: &Everywhere, url: &Url) -> Result<(), String> {
    let mut everywhere = everywhere.clone();
    // The operator's own address, perhaps a private one: this one look is allowed to go there.
    everywhere.allow_private = ["0.0.0.0/0", "::/0"]
        .iter()
        .filter_map(|all| all.parse().ok())
        .collect();
    let engine = wiring::engine(&everywhere).map_err(|complaint| complaint.message)?;
    let there = url.join("healthz").map_err(|error| error.to_string())?;
    let asked = Outgoing::new(Method::GET, there);
    let reply = engine
        .client
        .send(asked, Cookies::None, None, SystemTime::now())
        .await
        .map_err(|error| error.to_string())?;
    // A page that answers to any path is no Stepgate.
    if !reply.headers.contains_key("stepgate-request-id") {
        return Err(format!(
            "something else answers there, with {}",
            reply.status
        ));
    }
    match reply.status.is_success() {
        true => Ok(()),
        false => Err(format!("it answers {}", reply.status)),
    }
}

fn proxy() -> Finding {
    let set = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]
        .into_iter()
        .filter(|name| std::env::var_os(name).is_some());
    let names: Vec<&str> = set.collect();
    let detail = if names.is_empty() {
        "none".to_owned()
    } else {
        format!("from {}", names.join(", "))
    };
    Finding {
        what: "proxy",
        sound: true,
        detail,
    }
}
