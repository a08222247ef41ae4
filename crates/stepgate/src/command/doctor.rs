//! `stepgate doctor`: looks at this installation and says what needs mending.

use std::time::SystemTime;

use serde_json::json;
use server::doctor::{self, CALLBACK, Finding, KeyPlace, Reached};
use sso::RelyingParty;
use store::DATABASE_FILE;
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
        key().await,
        doctor::data_folder(&everywhere.data_dir).await,
        store,
        sandbox(everywhere).await,
        egress(everywhere, &reached),
        doctor::proxy(&doctor::proxies()),
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

async fn key() -> Finding {
    let source = wiring::key_source();
    match store::check_key(&source) {
        // What is no key at all is said of the environment alone; a file is looked at below.
        Err(error) => Finding {
            what: "key",
            sound: false,
            detail: error.to_string(),
        },
        Ok(_) => doctor::key(&KeyPlace::from(&source)).await,
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
    doctor::egress(&doctor::policy(&everywhere.allow_private), reached)
}

/// Where browsers come back to, and whether this server answers there.
async fn callback(everywhere: &Everywhere, public_url: Option<&Url>) -> Finding {
    match wiring::own_client(everywhere) {
        Ok(own) => doctor::callback(public_url, Some(&own)).await,
        Err(complaint) => Finding {
            what: CALLBACK,
            sound: false,
            detail: complaint.message,
        },
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
        Ok(providers) => providers,
        Err(complaint) => return finding(false, complaint.message),
    };
    let engine = match wiring::engine(everywhere) {
        Ok(engine) => engine,
        Err(complaint) => return finding(false, complaint.message),
    };
    let parties: Vec<_> = providers
        .into_iter()
        .map(|given| {
            let (client, clock, random) = (
                engine.client.clone(),
                engine.clock.clone(),
                engine.random.clone(),
            );
            let party = RelyingParty::new(given.provider, client, clock, random);
            (party, given.admission.is_some())
        })
        .collect();
    let parties: Vec<_> = parties
        .iter()
        .map(|(party, admits)| (party, *admits))
        .collect();
    doctor::single_sign_on(&parties, public_url).await
}
