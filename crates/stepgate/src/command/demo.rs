//! `stepgate demo`: the whole loop against the demonstration API that the binary carries.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, SystemTime};

use gateway::{Answer, Call, CallBody, Target};
use http::{HeaderMap, Method};
use ipnet::IpNet;
use owo_colors::OwoColorize;

use connection::Purpose;

use crate::arguments::{Everywhere, SignIn};
use crate::calling::SHOWN_LIMIT;
use crate::command::unprintable;
use crate::demo;
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::signing_in::{Patience, sign_in};
use crate::terminal::{Terminal, plain};
use crate::timeline::Timeline;
use crate::wiring::{self, Wiring};

/// Who signs in. The demonstration API knows this one user.
const ANSWERS: [(&str, &str); 2] = [
    ("form1.username", demo::USER),
    ("form1.password", demo::PASSWORD),
];

pub(crate) async fn demo(
    everywhere: &Everywhere,
    terminal: Terminal,
    token_seconds: u64,
) -> Result<Ending, Complaint> {
    let failed = |error: std::io::Error| {
        Complaint::ours("demo", format!("cannot set up the demonstration: {error}"))
    };
    let api = demo::start(SystemTime::now, token_seconds)
        .await
        .map_err(failed)?;
    let folder = tempfile::Builder::new()
        .prefix("stepgate-demo-")
        .tempdir()
        .map_err(failed)?;
    let file = folder.path().join("connector.yaml");
    std::fs::write(&file, demo::DEFINITION).map_err(failed)?;
    let everywhere = Everywhere {
        data_dir: folder.path().join("data"),
        environment: None,
        set: vec![("base_url".to_owned(), format!("http://{}", api.address()))],
        connection: None,
        user: None,
        allow_private: vec![IpNet::from(IpAddr::from(Ipv4Addr::LOCALHOST))],
        ..everywhere.clone()
    };
    let chapter = |text: &str| {
        terminal
            .out(&format!("\n{}", text.bold()))
            .map_err(unprintable)
    };

    chapter(&format!(
        "An API at http://{} wants a form, a CSRF token, a login and a ticket; its tokens live {token_seconds} s.",
        api.address()
    ))?;
    terminal
        .out(demo::DEFINITION.trim_end())
        .map_err(unprintable)?;

    // The folder goes when the demonstration ends, so nobody needs to hear of its key.
    wiring::make_store(&everywhere)?;
    let wiring = Wiring::open(&everywhere, terminal, &file).await?;
    let mut timeline = Timeline::full(terminal, false);
    chapter("1. Sign in, once, as that definition says")?;
    let options = SignIn {
        answer: ANSWERS
            .map(|(field, value)| (field.to_owned(), value.to_owned()))
            .to_vec(),
        answers: None,
        callback_port: 0,
        sso: None,
        wait: Duration::ZERO,
    };
    let handle = sign_in(
        &wiring,
        &options,
        Purpose::Asked,
        Patience::Always,
        &mut timeline,
    )
    .await?;
    timeline.settle();

    chapter("2. Call: the token goes along, and the caller never sees it")?;
    me(&wiring, handle.id(), &mut timeline).await?;

    chapter(&format!(
        "3. Wait {token_seconds} s, until the API's token is over"
    ))?;
    timeline.awaiting(&format!("waiting {token_seconds} s"));
    tokio::time::sleep(Duration::from_secs(token_seconds + 1)).await;
    timeline.settle();

    chapter("4. The same call again: the session is renewed on the way")?;
    let renewed = me(&wiring, handle.id(), &mut timeline).await?;

    chapter("Now with an API of yours: write its definition, then `stepgate run FILE`.")?;
    Ok(if renewed { Ending::Done } else { Ending::Ours })
}

/// GET /api/me, shown. True where the session was renewed for it.
async fn me(wiring: &Wiring, connection: &str, timeline: &mut Timeline) -> Result<bool, Complaint> {
    wiring
        .terminal
        .out("$ stepgate call connector.yaml GET /api/me")
        .map_err(unprintable)?;
    let call = Call {
        target: Target::Path {
            method: Method::GET,
            path: "/api/me".to_owned(),
            query: Vec::new(),
            headers: HeaderMap::new(),
        },
        body: CallBody::Empty,
    };
    let outcome = gateway::call(
        &wiring.connections,
        &wiring.equipped,
        Some(connection),
        call,
        timeline,
    )
    .await;
    timeline.settle();
    let answer: Answer = outcome.map_err(|error| failing::call(&error, wiring, timeline))?;
    let (status, renewed) = (answer.status, answer.renewed);
    let body = answer
        .read(SHOWN_LIMIT)
        .await
        .map_err(|error| failing::call(&error, wiring, timeline))?;
    let text = plain(&String::from_utf8_lossy(&body));
    wiring
        .terminal
        .out(&format!("{status}\n{text}"))
        .map_err(unprintable)?;
    if status.is_success() {
        return Ok(renewed);
    }
    Err(Complaint::ours(
        "demo",
        "the demonstration API refused the call",
    ))
}
