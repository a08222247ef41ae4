//! What can go wrong on the way out, said for the person who has to do something about it.
//!
//! Messages name hosts, ports and addresses, never a path, a query or a user name of a URL:
//! those may hold secrets.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::egress::Denied;

/// An error of a caller's own body stream or hook.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How far an exchange had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing has left yet: the request, the settings or a policy stood in the way.
    Prepare,
    /// Looking up the host name.
    Resolve,
    /// Opening the connection, to the host or to the proxy.
    Connect,
    /// Agreeing on encryption.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for the reply, or reading it.
    Receive,
}

impl Phase {
    /// The word for logs and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::Receive => "receive",
        }
    }

    fn doing(self) -> &'static str {
        match self {
            Self::Prepare => "preparing the request",
            Self::Resolve => "looking up the host name",
            Self::Connect => "connecting",
            Self::Tls => "agreeing on encryption (TLS)",
            Self::Send => "sending the request",
            Self::Receive => "waiting for the reply",
        }
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an exchange did not happen, or did not finish.
///
/// `host` is always `name:port`, without a port where it is the scheme's own.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboundError {
    /// The URL is of a kind that is not spoken here.
    #[error(
        "{}a URL beginning with {scheme}: cannot be called: use https: or http:",
        redirected(redirected_by)
    )]
    Scheme {
        /// The scheme found.
        scheme: String,
        /// The host whose redirect led there, if one did.
        redirected_by: Option<String>,
    },
    /// The request itself cannot be sent.
    #[error("the request to {host} cannot be sent: {problem}")]
    Request {
        /// Where it was to go.
        host: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The egress policy refuses the address.
    #[error(
        "{}{} is {}, and those are refused: allow it with --allow-private {}",
        redirected(redirected_by),
        name_of(address, host),
        denied.kind,
        denied.range
    )]
    Refused {
        /// The host as the URL has it.
        host: String,
        /// The address that would have been dialled.
        address: IpAddr,
        /// What the policy said.
        denied: Denied,
        /// The host whose redirect led there, if one did.
        redirected_by: Option<String>,
    },
    /// The host name has no address.
    #[error(
        "the host name {host} could not be looked up: {detail}. Check the name, and that this machine can resolve it"
    )]
    Dns {
        /// The name.
        host: String,
        /// What the resolver said.
        detail: String,
    },
    /// No connection could be made.
    #[error(
        "could not connect to {host} ({address}): {detail}. Check that the service runs and can be reached from here"
    )]
    Connect {
        /// The host as the URL has it.
        host: String,
        /// The address last tried.
        address: SocketAddr,
        /// What the system said.
        detail: String,
    },
    /// Encryption could not be agreed on, or the certificate is not good.
    #[error("no secure connection to {host}: {problem}")]
    Tls {
        /// The host as the URL has it.
        host: String,
        /// What is wrong and what to do.
        problem: String,
        /// Whether the same may work later by itself.
        passing: bool,
    },
    /// It took too long.
    #[error("{host} took too long: given up after {} while {}", seconds(after), phase.doing())]
    Timeout {
        /// The host as the URL has it.
        host: String,
        /// What was going on.
        phase: Phase,
        /// The time that was allowed.
        after: Duration,
    },
    /// The reply's header is larger than allowed.
    #[error(
        "{host} answered with more headers than are read here: 512 at most, and 100 in the first answer with so many"
    )]
    HeaderTooLarge {
        /// The host as the URL has it.
        host: String,
    },
    /// The reply's body, as sent or once decoded, is larger than allowed.
    #[error(
        "the reply's body is larger than {limit} bytes, the most that is read here: allow more with --reply-limit"
    )]
    BodyTooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// The reply's body is in an encoding that cannot be read.
    #[error("the reply's body cannot be decoded ({coding}): {problem}")]
    Encoding {
        /// What `Content-Encoding` says.
        coding: String,
        /// What is wrong.
        problem: String,
    },
    /// A chain of redirects that does not end.
    #[error(
        "{host} redirected more than {limit} times: the redirects probably run in a circle, often because a cookie was not accepted"
    )]
    TooManyRedirects {
        /// The host that redirected last.
        host: String,
        /// Redirects allowed.
        limit: usize,
    },
    /// A redirect would have taken the request's body to an origin that must not have it.
    #[error(
        "{from} redirected the request with its body to {to}, which may not have it: list that address under `origins` if the body may go there"
    )]
    RedirectCarriesBody {
        /// The host that redirected.
        from: String,
        /// Where to.
        to: String,
    },
    /// A redirect asked for a body again that has been streamed away.
    #[error(
        "{from} redirected a request whose body was streamed and cannot be sent a second time: send it to {to} directly"
    )]
    RedirectNeedsReplay {
        /// The host that redirected.
        from: String,
        /// Where to.
        to: String,
    },
    /// A redirect that leads nowhere.
    #[error("{host} redirected to an address that is not a URL")]
    BadLocation {
        /// The host that redirected.
        host: String,
    },
    /// A redirect could not be followed to where it leads.
    #[error("{}{cause}", redirected(&Some(from.clone())))]
    AfterRedirect {
        /// The host that redirected.
        from: String,
        /// What stood in the way.
        cause: Box<OutboundError>,
    },
    /// The proxy is not usable, or refused.
    #[error("the proxy {proxy} {problem}")]
    Proxy {
        /// Host and port of the proxy.
        proxy: String,
        /// What it did.
        problem: String,
        /// Whether the same may work later by itself.
        passing: bool,
    },
    /// The host's reply is not HTTP as it should be.
    #[error("{host} did not answer in proper HTTP: {detail}")]
    Protocol {
        /// The host as the URL has it.
        host: String,
        /// What was found.
        detail: String,
    },
    /// The connection broke.
    #[error("the connection to {host} broke while {}: {detail}", phase.doing())]
    Broken {
        /// The host as the URL has it.
        host: String,
        /// What was going on.
        phase: Phase,
        /// What the system said.
        detail: String,
    },
    /// The body that was being sent ended in an error of its own.
    #[error("the body being sent to {host} ended early: {detail}")]
    RequestBody {
        /// The host as the URL has it.
        host: String,
        /// What its source said.
        detail: String,
    },
    /// The file of further certificate authorities cannot be used.
    #[error("the certificates given with --ca-file cannot be used: {problem}")]
    CaFile {
        /// What is wrong with it.
        problem: String,
    },
    /// The host cannot be signed in to with NTLM; nothing of the request has been acted upon.
    #[error("{host} cannot be signed in to with NTLM: {problem}")]
    Ntlm {
        /// The host as the URL has it.
        host: String,
        /// What the host does, and what to do.
        problem: String,
    },
    /// What is to be attached to the request could not be made; the caller's own error.
    #[error("{0}")]
    Attach(#[source] BoxError),
    /// A signature could not be made of what the definition gives for it.
    #[error("`sign_in.{field}` {problem}")]
    Signing {
        /// The key of the sign-in type.
        field: &'static str,
        /// What is wrong with what it gives, and what was expected.
        problem: String,
    },
    /// A signature needs the whole body, and it is streamed.
    #[error("the whole body is needed to sign the request, and this one is too large to be kept")]
    BodyNotKept,
}

impl OutboundError {
    /// How far the exchange had come.
    pub fn phase(&self) -> Phase {
        match self {
            Self::AfterRedirect { cause, .. } => cause.phase(),
            Self::Scheme { .. }
            | Self::Request { .. }
            | Self::Ntlm { .. }
            | Self::RedirectCarriesBody { .. }
            | Self::RedirectNeedsReplay { .. }
            | Self::BadLocation { .. }
            | Self::TooManyRedirects { .. }
            | Self::CaFile { .. }
            | Self::Attach(_)
            | Self::Signing { .. }
            | Self::BodyNotKept => Phase::Prepare,
            Self::Refused { .. } | Self::Dns { .. } => Phase::Resolve,
            Self::Connect { .. } | Self::Proxy { .. } => Phase::Connect,
            Self::Tls { .. } => Phase::Tls,
            Self::Timeout { phase, .. } | Self::Broken { phase, .. } => *phase,
            Self::RequestBody { .. } => Phase::Send,
            Self::HeaderTooLarge { .. }
            | Self::BodyTooLarge { .. }
            | Self::Encoding { .. }
            | Self::Protocol { .. } => Phase::Receive,
        }
    }

    /// Whether the same request may work later with nothing changed.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::Broken { .. } => true,
            Self::Tls { passing, .. } | Self::Proxy { passing, .. } => *passing,
            Self::AfterRedirect { cause, .. } => cause.is_passing(),
            _ => false,
        }
    }

    /// Whether a request may have reached the host and been acted upon: then its outcome is
    /// not known, and what it spends (a refresh token, a one-time code) may be spent.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::TooManyRedirects { .. }
            | Self::RedirectCarriesBody { .. }
            | Self::RedirectNeedsReplay { .. }
            | Self::BadLocation { .. }
            | Self::AfterRedirect { .. } => true,
            Self::Scheme { redirected_by, .. } | Self::Refused { redirected_by, .. } => {
                redirected_by.is_some()
            }
            other => matches!(other.phase(), Phase::Send | Phase::Receive),
        }
    }

    /// The address concerned, where one was dialled or judged.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Refused { address, .. } => Some(*address),
            Self::Connect { address, .. } => Some(address.ip()),
            Self::AfterRedirect { cause, .. } => cause.address(),
            _ => None,
        }
    }

    /// The same after a redirect by `from`: an earlier hop was answered, whatever stopped this one.
    pub(crate) fn after_redirect(mut self, from: &str) -> Self {
        if let Self::Scheme { redirected_by, .. } | Self::Refused { redirected_by, .. } = &mut self
        {
            *redirected_by = Some(from.to_owned());
            return self;
        }
        match &self {
            Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Proxy { .. }
            | Self::Timeout { .. }
            | Self::Broken { .. }
                if !self.may_have_arrived() =>
            {
                Self::AfterRedirect {
                    from: from.to_owned(),
                    cause: Box::new(self),
                }
            }
            _ => self,
        }
    }

    /// The host concerned, as `name:port`, where there is one.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Request { host, .. }
            | Self::Ntlm { host, .. }
            | Self::Refused { host, .. }
            | Self::Dns { host, .. }
            | Self::Connect { host, .. }
            | Self::Tls { host, .. }
            | Self::Timeout { host, .. }
            | Self::HeaderTooLarge { host }
            | Self::TooManyRedirects { host, .. }
            | Self::BadLocation { host }
            | Self::Protocol { host, .. }
            | Self::Broken { host, .. }
            | Self::RequestBody { host, .. } => Some(host),
            Self::RedirectCarriesBody { to, .. } | Self::RedirectNeedsReplay { to, .. } => Some(to),
            Self::Proxy { proxy, .. } => Some(proxy),
            Self::AfterRedirect { cause, .. } => cause.host(),
            Self::Scheme { .. }
            | Self::BodyTooLarge { .. }
            | Self::Encoding { .. }
            | Self::CaFile { .. }
            | Self::Attach(_)
            | Self::Signing { .. }
            | Self::BodyNotKept => None,
        }
    }
}

/// A host that is an address literal is not named twice.
fn name_of(address: &IpAddr, host: &str) -> String {
    if host == address.to_string() || host == format!("[{address}]") {
        host.to_owned()
    } else {
        format!("{address} ({host})")
    }
}

fn redirected(by: &Option<String>) -> String {
    by.as_ref()
        .map_or_else(String::new, |by| format!("after a redirect by {by}: "))
}

fn seconds(after: &Duration) -> String {
    if after.subsec_millis() == 0 {
        format!("{} s", after.as_secs())
    } else {
        format!("{} ms", after.as_millis())
    }
}
