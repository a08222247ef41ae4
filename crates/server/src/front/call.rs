//! A call from outside: who calls what, with which connection, and what the answer says about it.

use crate::api::cookie;
use crate::api::csrf::HEADER as CSRF;
use crate::api::person::Person;
use crate::browser_kept::{self, CREDENTIAL};
use crate::caller::{Fields, Shown, nobody, only_at_screen};
use crate::front::activity::{Activity, Course};
use crate::front::body::FrontBody;
use crate::front::challenge;
use crate::front::cors;
use crate::front::index::Wanted;
use crate::front::named::{connection, environment, user, user_missing};
use crate::front::own_answer::number;
use crate::front::parameters;
use crate::front::place::Place;
use crate::front::preference;
use crate::front::refusal;
use crate::front::request_id::{REQUEST_ID, RequestId};
use crate::front::resolve::{
    Asked, LONGEST_WAIT, Resolved, keep_in_browser, no_such_environment, resolve,
};
use crate::front::thread::Front;
use crate::front::timing::{own, server_timing};
use crate::problem::Problem;
use crate::registry::{App, Served};
use crate::screen::Cookie;
use crate::signing_in::PEOPLE;
use gateway::{Answered, Prepared};
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONNECTION, HeaderName, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use model::Owner;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Whose answer it is.
pub(crate) const OUTCOME: HeaderName = HeaderName::from_static("stepgate-outcome");
/// How often the call was sent.
pub(crate) const ATTEMPTS: HeaderName = HeaderName::from_static("stepgate-attempts");
/// Where the time went.
pub(crate) const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// What a call is sent with, as far as the thread knows it.
enum Sender {
    /// Prepared by a call before.
    Ready(Rc<Prepared>),
    /// To be looked for.
    Unknown(Box<Asked>),
    /// Perhaps one of our own people, who are known on the back runtime.
    Person,
}

/// What came of a call, and what its caller's browser is to keep.
type Came = (Result<Answered, Problem>, Option<Box<Kept>>);

/// A credential that the caller's browser keeps.
struct Kept {
    shown: connection::Shown,
    asked: Asked,
}

impl Front {
    /// Answers any request.
    pub(crate) async fn answer(
        self: &Rc<Self>,
        request: Request<Incoming>,
        peer: SocketAddr,
        activity: &Arc<Activity>,
    ) -> Response<FrontBody> {
        let serving = activity.serve();
        let id = self.ids.next();
        let is_http1 = request.version() != Version::HTTP_2;
        let mark = activity.marked();
        let refused = match mark {
            Some(mark) => refusal::marked(mark, request.headers()),
            None if is_http1 => None,
            None => refusal::misdirected(&request),
        };
        // Of the head only a reference is passed on: it is large, and each copy of it would tell.
        let (mut head, body) = request.into_parts();
        let target = head.uri.path_and_query().cloned();
        let place = target.as_ref().and_then(Place::of);
        let mut response = match (refused, place) {
            (Some(problem), _) => {
                activity.linger();
                self.problem(problem, "", &id)
            }
            (None, Some(place)) => self.called(&mut head, body, &place, &id).await,
            (None, None) => {
                let request = Request::from_parts(head, body);
                Box::pin(self.elsewhere(request, peer, &id)).await
            }
        };
        let switches = response.status() == StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.entry(REQUEST_ID).or_insert_with(|| id.header());
        // No connection outlives a marked request: what follows one must not become a request (RFC 9112 section 6.1).
        if is_http1 && !switches && (mark.is_some() || self.draining.get()) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if switches {
            activity.take(Course::Tunnel);
        }
        response.body_mut().serving(serving);
        response
    }

    async fn called(
        self: &Rc<Self>,
        head: &mut Parts,
        body: Incoming,
        place: &Place<'_>,
        id: &RequestId,
    ) -> Response<FrontBody> {
        let fields = Fields::of(&head.headers);
        let origin = match fields.has_origin {
            true => head.headers.get(ORIGIN).cloned(),
            false => None,
        };
        if origin.is_some() && cors::is_preflight(&head.method, &head.headers) {
            return self.preflight(&head.headers, place.connector(), id);
        }
        let mut readable = false;
        let wait = match fields.has_preference {
            true => preference::wait(&head.headers).min(LONGEST_WAIT),
            false => 0,
        };
        let sender = self.sender(
            &head.headers,
            &fields,
            place,
            origin.as_ref(),
            &mut readable,
        );
        let sent = match sender {
            Ok(sender) => {
                self.send((head, body), place, origin.as_ref(), sender, wait)
                    .await
            }
            Err(problem) => Err(problem),
        };
        let mut response = match sent {
            Ok(answered) => self.passed_on(answered, place),
            Err(problem) => self.problem(problem, place.connector(), id),
        };
        if let Some(origin) = origin {
            match readable {
                true => cors::allow(response.headers_mut(), origin),
                false => cors::deny(response.headers_mut()),
            }
        }
        response
    }

    async fn send(
        self: &Rc<Self>,
        (head, body): (&mut Parts, Incoming),
        place: &Place<'_>,
        origin: Option<&HeaderValue>,
        sender: Sender,
        wait: u64,
    ) -> Result<Answered, Problem> {
        let mut by_browser = origin.is_some();
        let sender = match sender {
            Sender::Person => {
                by_browser |= !head.headers.contains_key(AUTHORIZATION);
                Box::pin(self.person(head, place, origin)).await?
            }
            sender => sender,
        };
        let wait = Duration::from_secs(wait);
        let kept;
        // An answer is large, and passed on as few times as can be.
        let mut answered = match place {
            Place::Proxy { below, .. } => {
                let prepared;
                (prepared, kept) = match sender {
                    Sender::Ready(prepared) => (self.at_hand(prepared), None),
                    sender => Box::pin(self.looked_for(sender)).await?,
                };
                let proxied = self.lane.proxy(&prepared, (head, body), below, wait);
                proxied.await.map_err(|error| self.failed(error, &prepared))
            }
            Place::Call { endpoint, .. } => {
                let answered;
                (answered, kept) =
                    Box::pin(self.send_endpoint((head, body), endpoint, sender, wait)).await?;
                answered
            }
        };
        if let Some(kept) = kept {
            answered = Box::pin(self.hand_back(answered, *kept)).await;
        }
        if let (true, Ok(answered)) = (by_browser, &mut answered) {
            challenge::withhold(answered.response.headers_mut());
        }
        answered
    }

    /// The same for an endpoint.
    async fn send_endpoint(
        self: &Rc<Self>,
        (head, body): (&Parts, Incoming),
        endpoint: &str,
        sender: Sender,
        wait: Duration,
    ) -> Result<Came, Problem> {
        parameters::check(&head.method, &head.headers)?;
        let parameters = parameters::read(body).await?;
        let (prepared, kept) = self.looked_for(sender).await?;
        let answered = self.lane.call(&prepared, endpoint, parameters, wait).await;
        let answered = answered.map_err(|error| self.failed(error, &prepared));
        Ok((answered, kept))
    }

    /// Gives the caller's browser what it keeps of the credential from now on.
    async fn hand_back(
        &self,
        answered: Result<Answered, Problem>,
        kept: Kept,
    ) -> Result<Answered, Problem> {
        let Kept { shown, asked } = kept;
        let sealing = keep_in_browser(self.state.clone(), shown, asked);
        let Ok(Some(field)) = self.back.spawn(sealing).await else {
            return answered;
        };
        // Whatever the API says of its own answer, what is for one browser must not come out of a cache again.
        let no_store = HeaderValue::from_static("no-store");
        match answered {
            Ok(mut answered) => {
                let headers = answered.response.headers_mut();
                headers.insert(CREDENTIAL, field);
                headers.insert(CACHE_CONTROL, no_store);
                Ok(answered)
            }
            Err(problem) => Err(problem
                .header(CREDENTIAL, field)
                .header(CACHE_CONTROL, no_store)),
        }
    }

    /// Who calls what, and whether the thread has it prepared.
    fn sender(
        &self,
        headers: &HeaderMap,
        fields: &Fields<'_>,
        place: &Place<'_>,
        origin: Option<&HeaderValue>,
        readable: &mut bool,
    ) -> Result<Sender, Problem> {
        self.with_snapshot(|snapshot| {
            let shown = Shown::of(fields);
            if matches!(shown, Ok(Shown::Other)) {
                return Ok(Sender::Person);
            }
            let known = shown.and_then(|shown| {
                let now = || self.state.clock.unix();
                let mut callers = self.callers.borrow_mut();
                callers.identify(&shown, snapshot, now)
            });
            let known = known.inspect_err(|_| {
                // A page of any app's may read that its key or token is not taken.
                *readable = origin.is_some_and(|origin| {
                    cors::some_app_allows(snapshot, place.connector(), origin)
                });
            })?;
            if let Some(origin) = origin {
                *readable = origin
                    .to_str()
                    .is_ok_and(|origin| known.app.allows_origin(origin));
                if !*readable {
                    return Err(cors::refused());
                }
            }
            let user = user(fields.user, &known)?;
            let environment = environment(fields)?;
            let connection = connection(fields)?;
            let wanted = Wanted {
                app: &known.app.name,
                user: user.unwrap_or_default(),
                connector: place.connector(),
                environment: environment.unwrap_or_default(),
                connection: connection.unwrap_or_default(),
            };
            let served = |app: &App| -> Option<&Arc<Served>> {
                app.publishes(place.connector())
                    .then(|| snapshot.served(place.connector(), environment))?
            };
            let is_served = |prepared: &Prepared| {
                served(&known.app)
                    .is_some_and(|served| Arc::ptr_eq(&served.route, prepared.route()))
            };
            let mut index = self.index.borrow_mut();
            if let Some(prepared) = index.find(&wanted, snapshot.generation, is_served) {
                return Ok(Sender::Ready(prepared));
            }
            let served = served(&known.app).ok_or_else(|| {
                let published = known.app.publishes(place.connector());
                let entry = snapshot.entry(place.connector()).filter(|_| published);
                no_such_environment(entry, environment)
            })?;
            let connector = &served.equipped.connector;
            if user.is_none() && connector.connection.owner == Owner::User {
                return Err(user_missing());
            }
            Ok(Sender::Unknown(Box::new(Asked {
                owner: known.app.owner(user.unwrap_or_default()),
                app: Some(known.app.clone()),
                user: user.map(str::to_owned),
                served: served.clone(),
                connection: connection.map(str::to_owned),
                goes_without: goes_without(place, served),
                wait: preference::wait(headers),
                blob: browser_kept::read(headers)?.map(str::to_owned),
            })))
        })
    }

    /// One of our own people, who tries a connector with a connection of their own.
    async fn person(
        &self,
        head: &Parts,
        place: &Place<'_>,
        origin: Option<&HeaderValue>,
    ) -> Result<Sender, Problem> {
        let headers = &head.headers;
        let is_at_screen =
            Cookie::User.shown(headers).is_some() && cookie::shown(headers).is_none();
        if is_at_screen && !headers.contains_key(AUTHORIZATION) {
            return Err(only_at_screen());
        }
        // A link that a browser follows brings the cookie along. What the API sends must not become a page of ours.
        if !headers.contains_key(AUTHORIZATION) && !headers.contains_key(CSRF) {
            return Err(nobody());
        }
        let own = self.state.public_url.origin().ascii_serialization();
        if origin.is_some_and(|origin| origin.as_bytes() != own.as_bytes()) {
            return Err(cors::refused());
        }
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = head.method.clone();
        parts.uri = head.uri.clone();
        parts.headers = headers.clone();
        let api = self.api.clone();
        let looking = self
            .back
            .spawn(async move { Person::of(&parts, &api).await });
        let person = looking.await.map_err(|error| Problem::internal(&error))??;
        let fields = Fields::of(headers);
        let environment = environment(&fields)?;
        let served = self.with_snapshot(|snapshot| {
            let served = snapshot.served(place.connector(), environment).cloned();
            served
                .ok_or_else(|| no_such_environment(snapshot.entry(place.connector()), environment))
        })?;
        Ok(Sender::Unknown(Box::new(Asked {
            owner: format!("{PEOPLE}/{}", person.login),
            app: None,
            user: None,
            connection: connection(&fields)?.map(str::to_owned),
            goes_without: goes_without(place, &served),
            wait: preference::wait(headers),
            blob: browser_kept::read(headers)?.map(str::to_owned),
            served,
        })))
    }

    /// What the thread has prepared.
    fn at_hand(&self, prepared: Rc<Prepared>) -> Rc<Prepared> {
        self.hits.set(self.hits.get() + 1);
        prepared
    }

    /// What the call is sent with, looked for on the back runtime where the thread does not have it.
    async fn looked_for(
        &self,
        sender: Sender,
    ) -> Result<(Rc<Prepared>, Option<Box<Kept>>), Problem> {
        let asked = match sender {
            Sender::Ready(prepared) => return Ok((self.at_hand(prepared), None)),
            Sender::Unknown(asked) => *asked,
            Sender::Person => return Err(nobody()),
        };
        self.misses.set(self.misses.get() + 1);
        let generation = self.with_snapshot(|snapshot| snapshot.generation);
        // Dropped together with the call, where the caller leaves.
        let (_here, caller) = oneshot::channel();
        let looking = self
            .back
            .spawn(resolve(self.state.clone(), asked.clone(), caller));
        let Resolved { handle, shown } =
            looking.await.map_err(|error| Problem::internal(&error))??;
        // Without a credential nothing would tell that somebody has signed in since; what a browser keeps comes anew.
        let keeps = handle.is_some() && shown.is_none();
        let kept_for = asked.app.as_ref().filter(|_| keeps);
        let prepared = self.lane.prepare(&asked.served.route, handle);
        if let Some(app) = kept_for {
            let connector = &asked.served.equipped.connector;
            let wanted = Wanted {
                app: &app.name,
                user: asked.user.as_deref().unwrap_or_default(),
                connector: &connector.name,
                environment: connector.environment.as_deref().unwrap_or_default(),
                connection: asked.connection.as_deref().unwrap_or_default(),
            };
            let mut index = self.index.borrow_mut();
            index.keep(&wanted, generation, prepared.clone());
        }
        let kept = shown.map(|shown| Box::new(Kept { shown, asked }));
        Ok((prepared, kept))
    }

    fn passed_on(&self, answered: Answered, place: &Place<'_>) -> Response<FrontBody> {
        let Answered {
            response,
            attempts,
            renewed,
            timings,
            ..
        } = answered;
        let counted = self.counters.of(place.connector());
        counted.answered(own(&timings), timings.upstream, attempts > 1, renewed);
        let mut response = response.map(FrontBody::lane);
        let headers = response.headers_mut();
        headers.insert(OUTCOME, HeaderValue::from_static("upstream"));
        headers.insert(ATTEMPTS, number(attempts));
        headers.append(SERVER_TIMING, server_timing(&timings));
        response
    }
}

/// Whether a call is sent even where nobody has signed in.
fn goes_without(place: &Place<'_>, served: &Served) -> bool {
    match place {
        Place::Proxy { .. } => false,
        // What is no endpoint needs no credential to be told so.
        Place::Call { endpoint, .. } => served
            .equipped
            .connector
            .endpoint(endpoint)
            .is_none_or(|endpoint| !endpoint.attach),
    }
}
