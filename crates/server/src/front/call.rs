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
use crate::front::parameters;
use crate::front::place::Place;
use crate::front::preference;
use crate::front::refusal;
use crate::front::request_id::{REQUEST_ID, RequestId};
use crate::front::resolve::{
    Asked, LONGEST_WAIT, Resolved, keep_in_browser, no_such_environment, resolve, sign_in_link,
    step_up_link,
};
use crate::front::thread::Front;
use crate::front::timing::{own, server_timing};
use crate::problem::{PROBLEM_JSON, Problem};
use crate::registry::{App, Served};
use crate::screen::Cookie;
use crate::signing_in::PEOPLE;
use gateway::{Answered, CallError, Prepared, Unanswered};
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderName, ORIGIN};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use model::Owner;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Whose answer it is.
const OUTCOME: HeaderName = HeaderName::from_static("stepgate-outcome");
/// How often the call was sent.
const ATTEMPTS: HeaderName = HeaderName::from_static("stepgate-attempts");
/// Where the time went.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// What calls count as that name no connector; no connector can have this name.
const UNKNOWN: &str = "_unknown";

/// What a call is sent with, as far as the thread knows it.
enum Sender {
    /// Prepared by a call before.
    Ready(Rc<Prepared>),
    /// To be looked for.
    Unknown(Box<Asked>),
    /// Perhaps one of our own people, who are known on the back runtime.
    Person,
}

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
        let uri = request.uri().clone();
        let mut response = match (refused, Place::of(&uri)) {
            (Some(problem), _) => {
                activity.linger();
                self.problem(problem, "", &id)
            }
            (None, Some(place)) => self.called(request, &place, &id).await,
            (None, None) => self.elsewhere(request, peer, &id).await,
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
        request: Request<Incoming>,
        place: &Place<'_>,
        id: &RequestId,
    ) -> Response<FrontBody> {
        let origin = request.headers().get(ORIGIN).cloned();
        if origin.is_some() && cors::is_preflight(request.method(), request.headers()) {
            return self.preflight(request.headers(), place.connector(), id);
        }
        let mut readable = false;
        let sent = self
            .send(request, place, origin.as_ref(), &mut readable)
            .await;
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
        request: Request<Incoming>,
        place: &Place<'_>,
        origin: Option<&HeaderValue>,
        readable: &mut bool,
    ) -> Result<Answered, Problem> {
        let mut by_browser = origin.is_some();
        let sender = match self.sender(request.headers(), place, origin, readable)? {
            Sender::Person => {
                by_browser |= !request.headers().contains_key(AUTHORIZATION);
                self.person(&request, place, origin).await?
            }
            sender => sender,
        };
        let wait = Duration::from_secs(preference::wait(request.headers()).min(LONGEST_WAIT));
        let (answered, kept) = match place {
            Place::Proxy { below, .. } => {
                let (prepared, kept) = self.prepared(sender).await?;
                let answered = self.lane.proxy(&prepared, request, below, wait).await;
                (
                    answered.map_err(|error| self.failed(error, &prepared)),
                    kept,
                )
            }
            Place::Call { endpoint, .. } => {
                parameters::check(request.method(), request.headers())?;
                let parameters = parameters::read(request.into_body()).await?;
                let (prepared, kept) = self.prepared(sender).await?;
                let calling = self.lane.call(&prepared, endpoint, parameters, wait);
                let answered = calling.await;
                (
                    answered.map_err(|error| self.failed(error, &prepared)),
                    kept,
                )
            }
        };
        let mut answered = match kept {
            None => answered,
            Some(kept) => self.hand_back(answered, *kept).await,
        };
        if let (true, Ok(answered)) = (by_browser, &mut answered) {
            challenge::withhold(answered.response.headers_mut());
        }
        answered
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
        place: &Place<'_>,
        origin: Option<&HeaderValue>,
        readable: &mut bool,
    ) -> Result<Sender, Problem> {
        self.with_snapshot(|snapshot| {
            let fields = Fields::of(headers);
            let shown = Shown::of(&fields);
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
            let environment = environment(&fields)?;
            let connection = connection(&fields)?;
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
        request: &Request<Incoming>,
        place: &Place<'_>,
        origin: Option<&HeaderValue>,
    ) -> Result<Sender, Problem> {
        let headers = request.headers();
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
        let mut head = Request::new(());
        *head.method_mut() = request.method().clone();
        *head.uri_mut() = request.uri().clone();
        *head.headers_mut() = headers.clone();
        let (parts, ()) = head.into_parts();
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

    /// What the call is sent with; looked for on the back runtime where the thread does not have it.
    async fn prepared(&self, sender: Sender) -> Result<(Rc<Prepared>, Option<Box<Kept>>), Problem> {
        let asked = match sender {
            Sender::Ready(prepared) => {
                self.hits.set(self.hits.get() + 1);
                return Ok((prepared, None));
            }
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

    fn problem(
        &self,
        mut problem: Problem,
        connector: &str,
        id: &RequestId,
    ) -> Response<FrontBody> {
        let is_known = self.with_snapshot(|snapshot| snapshot.entry(connector).is_some());
        // Names that callers make up would be counted one by one.
        let counted = self.counters.of(if is_known { connector } else { UNKNOWN });
        counted.problem(problem.code);
        problem.log(id.text());
        problem.request_id = Some(id.text().to_owned());
        let mut response = Response::new(FrontBody::whole(problem.body()));
        *response.status_mut() = problem.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM_JSON);
        if let Ok(outcome) = HeaderValue::from_str(&format!("gateway; code={}", problem.code)) {
            headers.insert(OUTCOME, outcome);
        }
        for (name, value) in std::mem::take(&mut problem.headers) {
            headers.append(name, value);
        }
        response
    }

    /// What an error of a call is for its caller, and how far the call had come.
    fn failed(&self, unanswered: Unanswered, prepared: &Prepared) -> Problem {
        let Unanswered {
            error,
            attempts,
            timings,
        } = unanswered;
        let signs_in = matches!(error, CallError::SignInRequired { .. });
        let run = match &error {
            CallError::StepUpRequired { run, .. } => run.clone(),
            _ => None,
        };
        let mut problem = Problem::from(error).at(self.state.clock.unix());
        let owner = prepared
            .handle()
            .map(|handle| handle.record().owner.as_str());
        if let (true, Some((app, user))) = (signs_in, owner.and_then(|it| it.split_once('/'))) {
            let connector = prepared.route().connector();
            let environment = connector.environment.as_deref();
            problem.sign_in_url =
                sign_in_link(&self.state, app, user, &connector.name, environment);
        }
        if let Some(run) = run {
            let url = step_up_link(&self.state, prepared, &run);
            problem.more.insert("step_up_url".to_owned(), url.into());
            problem.more.insert("run".to_owned(), run.into());
        }
        problem
            .header(ATTEMPTS, number(attempts))
            .header(SERVER_TIMING, server_timing(&timings))
    }

    fn preflight(
        &self,
        headers: &HeaderMap,
        connector: &str,
        id: &RequestId,
    ) -> Response<FrontBody> {
        let allowed = self.with_snapshot(|snapshot| {
            headers
                .get(ORIGIN)
                .is_some_and(|origin| cors::some_app_allows(snapshot, connector, origin))
        });
        if !allowed {
            let mut response = self.problem(cors::refused(), connector, id);
            cors::deny(response.headers_mut());
            return response;
        }
        let (status, headers) = cors::preflight(headers);
        let mut response = Response::new(FrontBody::whole(bytes::Bytes::new()));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

/// A call is sent twice at most.
fn number(attempts: u8) -> HeaderValue {
    match attempts {
        0 => HeaderValue::from_static("0"),
        1 => HeaderValue::from_static("1"),
        2 => HeaderValue::from_static("2"),
        more => HeaderValue::from(u16::from(more)),
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
