//! One call, phase by phase: resolve, attach, sign, send, judge, renew, answer.
//!
//! # Layout
//! - [`call`](call()): the story
//! - `resolve`, `attach`, `sign`, `send`, `judge`, `renew`, `answer`: its phases, in that order
//! - [`begin`], [`WantsProof`] (`step_up`): a call up to where the API wants more proof for it, and on from there
//! - `below`: a caller's path, which never chooses the host
//! - `parameters`: what a caller gives to an endpoint
//! - `travel`: which header fields pass in which direction
//! - `kept_body`: a body that can be sent twice, or streams; `whole_body`: one that was read to judge it
//! - `add_to_body`: a key more in a body that is already written
//! - `scope`: what templates may name in a call
//! - [`Lane`]: the same for a server thread, where nothing is made anew for a call that was made for the one before
//! - [`Route`], [`Prepared`]: what a lane makes once, for a connector and for a credential
//! - `lane_call`: the story of one call on a lane; `passing`, `called`: what is sent; `attached`, `origin_form`: what is put on its fields and its target;
//!   `teed_body`: its body; `over`, `verdict`: whether the session is over; `location`: where replies point to; `tunnel`, `passage`, `frames`: WebSocket; [`Tunnels`]: how many
//! - [`Answered`], [`LaneBody`]: what comes of it
//! - [`proof`](proof()): whether a new credential works, before it replaces one that did; [`trial`](trial()): one sending for a test
//! - `error`: whose fault, and whether to try again

mod add_to_body;
mod answer;
mod answered;
mod attach;
mod attached;
mod below;
mod call;
mod called;
mod error;
mod fault;
mod first_call;
mod frames;
mod judge;
mod kept_body;
mod lane;
mod lane_body;
mod lane_call;
mod location;
mod origin_form;
mod over;
mod parameters;
mod passage;
mod passing;
mod prepared;
mod proof;
mod renew;
mod resolve;
mod route;
mod scope;
mod send;
mod sign;
mod step_up;
mod teed_body;
mod travel;
mod trial;
mod tunnel;
mod tunnels;
mod verdict;
mod whole_body;

pub use answer::{Answer, AnswerBody, Unexpected};
pub use answered::{Answered, Timings, Unanswered};
pub use call::{Call, Outcome, Target, begin, call, call_with};
pub use error::{CallError, Retry, WhoseFault};
pub use kept_body::{BODY_LIMIT, CallBody};
pub use lane::Lane;
pub use lane_body::LaneBody;
pub use parameters::Given;
pub use prepared::Prepared;
pub use proof::proof;
pub use route::Route;
pub use send::STEP as CALL_STEP;
pub use step_up::WantsProof;
pub use trial::{Trial, trial};
pub use tunnels::{TunnelLimits, Tunnels};
