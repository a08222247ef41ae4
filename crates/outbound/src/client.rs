//! The client: one exchange over all its redirects.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::header::{ACCEPT_ENCODING, COOKIE, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, Response};
use hyper::body::Incoming;
use url::Position;

use crate::attach::{Attach, Hop, HopBody, Leaving};
use crate::deadline::Deadline;
use crate::dialer::Dialer;
use crate::error::{OutboundError, Phase};
use crate::exchange::{Exchanger, Lent, Message};
use crate::jar::{CookieChange, Jar};
use crate::outgoing::{Cookies, OutBody, Outgoing, Redirects};
use crate::place::{Place, shown};
use crate::pool::Pool;
use crate::progress::Progress;
use crate::redirect::Course;
use crate::reply::{HopTaken, Reply};
use crate::reply_body::ReplyBody;
use crate::settings::{Limits, Settings};
use crate::sign::{
    ANSWER, AssumeRole, AwsSigV4, Dialogue, Kept, Roles, Signer, Signing, Temporary, Unsigned,
    assume_role_request, read_assumed_role,
};

/// A redirect's own body is read only to keep its connection, and no further than this.
const DRAINED: usize = 16 * 1024;
const DRAINING: Duration = Duration::from_millis(500);

/// Sends requests. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    exchanger: Exchanger,
    limits: Limits,
    user_agent: HeaderValue,
    kept: Kept,
    roles: Roles,
}

impl Client {
    /// A client. Fails where the certificates or the proxies given cannot be used.
    pub fn new(settings: Settings) -> Result<Self, OutboundError> {
        let limits = settings.limits;
        let user_agent = HeaderValue::from_str(&settings.user_agent)
            .unwrap_or_else(|_| HeaderValue::from_static("stepgate"));
        let exchanger = Exchanger {
            dialer: Dialer::new(&settings)?,
            pool: Pool::new(limits.idle_timeout, limits.idle_per_host),
        };
        Ok(Self {
            shared: Arc::new(Shared {
                exchanger,
                limits,
                user_agent,
                kept: Kept::default(),
                roles: Roles::default(),
            }),
        })
    }

    /// The bounds it keeps to.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// What it opens connections with, for others to share.
    pub fn dialer(&self) -> Dialer {
        self.shared.exchanger.dialer.clone()
    }

    /// Sends a request, follows redirects if it is to, and returns once the header of the last
    /// reply is there.
    pub async fn send(
        &self,
        outgoing: Outgoing,
        cookies: Cookies<'_>,
        attach: Option<&dyn Attach>,
        now: SystemTime,
    ) -> Result<Reply, OutboundError> {
        let Outgoing {
            method,
            url,
            headers,
            body,
            trailers,
            timeout,
            redirects,
            accept_encoding,
            credential_origins,
            signing,
            client_certificate,
        } = outgoing;
        let mut deadline = Deadline::after(timeout);
        let progress = body.takes_long().then(Progress::begin);
        Place::of(&url)?;
        if method == Method::CONNECT {
            return Err(OutboundError::Request {
                host: shown(&url),
                problem: "the method CONNECT is not for requests".to_owned(),
            });
        }
        let signing = match signing {
            Some(signing) => Some(self.in_role(signing, deadline).await?),
            None => None,
        };
        let begin = || {
            signing
                .as_ref()
                .map(|signing| Dialogue::new(signing, &self.shared.kept))
        };
        let mut dialogue = begin();
        let mut course = Course::start(method, url, headers, body, &credential_origins);
        let mut hops: Vec<HopTaken> = Vec::new();
        let mut set_cookies = Vec::new();
        loop {
            let mut message = self.prepare(&mut course, accept_encoding, cookies, attach, now)?;
            // They go where their body goes.
            message.trailers = trailers.clone();
            message.progress = progress.clone();
            message.client_certificate = client_certificate.clone().filter(|_| course.is_trusted());
            let signing = signing.as_ref().filter(|_| course.is_trusted());
            let mut spoken = dialogue.as_mut().filter(|_| course.is_trusted());
            let message = match &mut spoken {
                Some(dialogue) => sign(message, dialogue)?,
                None => message,
            };
            if let Some(attach) = attach {
                attach.leaving(&leaving(&message));
            }
            let exchanging = self.exchange(message, signing, deadline);
            let (response, lent, refusals) =
                exchanging.await.map_err(|error| match hops.last() {
                    Some(HopTaken { url, .. }) => error.after_redirect(&shown(url)),
                    None => error,
                })?;
            if progress.is_some() {
                deadline = Deadline::after(timeout);
            }
            let (head, incoming) = response.into_parts();
            if let Some(attach) = attach {
                attach.answered(head.status, &head.headers);
            }
            let remote = Some(lent.connection.remote);
            let host = shown(&course.url);
            let body = ReplyBody::new(incoming, host.clone(), deadline, lent);
            for headers in refusals.iter().chain([&head.headers]) {
                for change in keep(cookies, &course, headers, now) {
                    set_cookies.retain(|(name, _)| *name != change.name);
                    set_cookies.extend(change.value.map(|value| (change.name, value)));
                }
            }
            if let Some(dialogue) = spoken
                && dialogue.goes_on(&course.url, head.status, &head.headers, course.is_kept())?
            {
                drain(body).await;
                continue;
            }
            let here = course.url.clone();
            hops.push(HopTaken {
                method: course.method.clone(),
                url: here.clone(),
                status: head.status,
            });
            if redirects == Redirects::Follow && course.follow(head.status, &head.headers)? {
                if hops.len() > self.shared.limits.redirects {
                    return Err(OutboundError::TooManyRedirects {
                        host,
                        limit: self.shared.limits.redirects,
                    });
                }
                drain(body).await;
                dialogue = begin();
                continue;
            }
            return Ok(Reply {
                status: head.status,
                version: head.version,
                headers: head.headers,
                url: here,
                hops,
                set_cookies,
                remote,
                body,
            });
        }
    }

    /// Sends one hop by the way that its signing asks for. Beside the reply come the headers of
    /// refusals before it.
    async fn exchange(
        &self,
        message: Message,
        signing: Option<&Signing>,
        deadline: Deadline,
    ) -> Result<(Response<Incoming>, Lent, Vec<HeaderMap>), OutboundError> {
        let exchanger = &self.shared.exchanger;
        if let Some(signing) = signing
            && let Some(ntlm) = signing.ntlm()
        {
            let fresh = || signing.fresh();
            let bound = exchanger.exchange_bound(message, ntlm, fresh, deadline);
            let reply = bound.await?;
            return Ok((reply.response, reply.lent, reply.refusals));
        }
        let (response, lent) = exchanger.exchange(message, deadline).await?;
        Ok((response, lent, Vec::new()))
    }

    /// The same signing, in the role that it has to take on. Who comes meanwhile waits for the one that asks.
    async fn in_role(
        &self,
        signing: Signing,
        deadline: Deadline,
    ) -> Result<Signing, OutboundError> {
        let Some((_, role)) = signing.role() else {
            return Ok(signing);
        };
        let host = shown(&role.url);
        // Each who waits for one that fails asks again, and so the waiting is bounded by the call's own time.
        let taking = self.take_role(&signing);
        deadline.hold(Phase::Receive, &host, taking).await
    }

    async fn take_role(&self, signing: &Signing) -> Result<Signing, OutboundError> {
        let Some((scheme, role)) = signing.role() else {
            return Ok(signing.clone());
        };
        let slot = self.shared.roles.slot(scheme, role);
        let mut kept = slot.lock().await;
        let now = signing.now();
        let temporary = match &*kept {
            Some(temporary) if !temporary.is_due(now) => temporary.clone(),
            before => match self.assume(scheme, role, signing).await {
                Ok(fresh) => fresh,
                Err(error) => match before {
                    // They last a while yet, and then it is tried again.
                    Some(temporary) if !temporary.is_over(now) => temporary.clone(),
                    _ => return Err(error),
                },
            },
        };
        *kept = Some(temporary.clone());
        Ok(signing.with(Signer::AwsSigV4(temporary.put_into(scheme))))
    }

    /// Asks for a role's credentials. Boxed: a sending within a sending, though never a third.
    fn assume<'a>(
        &'a self,
        scheme: &AwsSigV4,
        role: &'a AssumeRole,
        signing: &Signing,
    ) -> Pin<Box<dyn Future<Output = Result<Temporary, OutboundError>> + Send + 'a>> {
        let outgoing = assume_role_request(scheme, role, signing);
        let now = signing.now();
        Box::pin(async move {
            let reply = self.send(outgoing, Cookies::None, None, now).await?;
            let (parts, body) = reply.read(ANSWER).await?;
            read_assumed_role(role, parts.status, &body)
        })
    }

    /// The next hop, with cookies and all that is attached to it.
    fn prepare(
        &self,
        course: &mut Course,
        accept_encoding: bool,
        cookies: Cookies<'_>,
        attach: Option<&dyn Attach>,
        now: SystemTime,
    ) -> Result<Message, OutboundError> {
        let mut headers = course.headers.clone();
        let mut url = course.url.clone();
        let mut body = course.body();
        headers
            .entry(USER_AGENT)
            .or_insert_with(|| self.shared.user_agent.clone());
        if accept_encoding {
            headers
                .entry(ACCEPT_ENCODING)
                .or_insert(HeaderValue::from_static("gzip, deflate, br"));
        }
        if !course.fell_to_http() {
            if let Cookies::Jar(jar) = cookies {
                add_cookies(&mut headers, jar, &url, now);
            }
            if let Some(attach) = attach {
                let hop_body = match &mut body {
                    OutBody::Empty => HopBody::Empty,
                    OutBody::Bytes(bytes) => HopBody::Buffered(bytes),
                    OutBody::Stream(_) => HopBody::Streamed,
                };
                let mut hop = Hop::new(
                    &mut url,
                    &course.method,
                    &mut headers,
                    hop_body,
                    cookies,
                    now,
                );
                attach.attach(&mut hop)?;
                if url[..Position::AfterPath] != course.url[..Position::AfterPath] {
                    return Err(OutboundError::Request {
                        host: shown(&course.url),
                        problem: "what is attached to it changed more of its URL than the query"
                            .to_owned(),
                    });
                }
            }
        }
        Ok(Message {
            method: course.method.clone(),
            url,
            headers,
            body,
            trailers: HeaderMap::new(),
            progress: None,
            client_certificate: None,
        })
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("limits", &self.shared.limits)
            .finish_non_exhaustive()
    }
}

fn leaving(message: &Message) -> Leaving<'_> {
    Leaving {
        method: &message.method,
        url: &message.url,
        headers: &message.headers,
        body: message.body.in_memory(),
    }
}

/// Signs the hop as it is about to leave.
fn sign(mut message: Message, dialogue: &mut Dialogue<'_>) -> Result<Message, OutboundError> {
    let request = Unsigned {
        method: &message.method,
        url: &message.url,
        headers: &message.headers,
        body: message.body.in_memory(),
    };
    let mut signature = dialogue.sign(&request)?;
    if let Some(body) = signature.body.take() {
        message.body = OutBody::Bytes(body);
    }
    signature.put_on(&mut message.url, &mut message.headers);
    Ok(message)
}

/// Adds the jar's cookies after the caller's own; of one name, the caller's counts.
fn add_cookies(headers: &mut HeaderMap, jar: &Mutex<Jar>, url: &url::Url, now: SystemTime) {
    let own: Vec<Vec<u8>> = headers
        .get_all(COOKIE)
        .iter()
        .map(|value| value.as_bytes().to_vec())
        .filter(|value| !value.is_empty())
        .collect();
    let own = own.join(&b"; "[..]);
    let has = |name: &str| {
        own.split(|byte| *byte == b';').any(|pair| {
            let pair = pair.trim_ascii();
            pair.split(|byte| *byte == b'=').next() == Some(name.as_bytes())
        })
    };
    let Some(jars) = Jar::lock(jar).header_without(url, now, has) else {
        return;
    };
    let joined = if own.is_empty() {
        Some(jars)
    } else {
        HeaderValue::from_bytes(&[&own, jars.as_bytes()].join(&b"; "[..])).ok()
    };
    if let Some(mut value) = joined {
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
}

/// Keeps a reply's cookies where they are to be kept, and tells which were accepted.
fn keep(
    cookies: Cookies<'_>,
    course: &Course,
    headers: &HeaderMap,
    now: SystemTime,
) -> Vec<CookieChange> {
    match cookies {
        Cookies::None => Jar::new().store(&course.url, headers, now),
        Cookies::StoreOnly(jar) | Cookies::Jar(jar) => {
            Jar::lock(jar).store(&course.url, headers, now)
        }
    }
}

/// Reads a redirect's short body, so that its connection may serve the next hop.
async fn drain(body: ReplyBody) {
    // Whether it worked does not matter: if not, the connection is dropped.
    let _ = tokio::time::timeout(DRAINING, body.collect(DRAINED)).await;
}
