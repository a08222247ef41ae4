//! Where browsers come back to, and whether this server answers there.

use std::time::SystemTime;

use http::Method;
use outbound::{Client, Cookies, Outgoing};
use url::{Host, Url};

use super::{CALLBACK, Finding};

/// Where browsers come back to. `own` may reach the operator's own address, perhaps a private one; without it nobody looks
/// there.
pub async fn callback(set: Option<&Url>, own: Option<&Client>) -> Finding {
    let finding = |sound, detail| Finding {
        what: CALLBACK,
        sound,
        detail,
    };
    let Some(url) = set else {
        return finding(
            true,
            "none is set, so browsers come back to the address listened on; for browsers elsewhere set STEPGATE_PUBLIC_URL".to_owned(),
        );
    };
    if let Some(finding) = not_encrypted(url) {
        return finding;
    }
    let register = format!("register {url}callback/CONNECTOR with APIs that redirect back");
    let looked = match own {
        None => return finding(true, register),
        Some(own) => health(own, url).await,
    };
    match looked {
        Ok(()) => finding(true, format!("{register}; this server answers there")),
        Err(why) => finding(
            false,
            format!(
                "no Stepgate is reached at {url} from here: {why}. Start the server, or mend STEPGATE_PUBLIC_URL or the proxy before it"
            ),
        ),
    }
}

/// Whether a Stepgate answers at this address.
async fn health(own: &Client, url: &Url) -> Result<(), String> {
    let there = url.join("healthz").map_err(|error| error.to_string())?;
    let asked = Outgoing::new(Method::GET, there);
    let reply = own
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

/// Why browsers would keep no sign-in at this address, where they would not.
#[must_use]
pub fn not_encrypted(url: &Url) -> Option<Finding> {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    (url.scheme() == "http" && !loopback).then(|| Finding {
        what: CALLBACK,
        sound: false,
        detail: format!(
            "{url} is plain http, over which browsers keep no sign-in: put a proxy that ends TLS before Stepgate, and set STEPGATE_PUBLIC_URL to its https address"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::{callback, not_encrypted};

    #[test]
    fn browsers_come_back_over_tls_or_to_this_machine() {
        let table = [
            ("https://gate.example.org", true),
            ("http://127.0.0.1:8080", true),
            ("http://localhost", true),
            ("http://[::1]:80", true),
            ("http://gate.example.org", false),
        ];
        for (url, sound) in table {
            let found = not_encrypted(&url.parse().unwrap());
            assert_eq!(found.is_none(), sound, "{url}");
        }
    }

    #[tokio::test]
    async fn what_is_to_be_registered_is_said_where_an_address_is_set() {
        assert!(callback(None, None).await.detail.starts_with("none is set"));
        let set = "https://gate.example.org".parse().unwrap();
        let found = callback(Some(&set), None).await;
        assert_eq!(
            found.detail,
            "register https://gate.example.org/callback/CONNECTOR with APIs that redirect back"
        );
        let plain = "http://gate.example.org".parse().unwrap();
        assert!(!callback(Some(&plain), None).await.sound);
    }
}
