//! Sign in, renew, sign out: joins flow and store, so that there is one prompt, one renewal and one handle that calls use.
//!
//! # Layout
//! - [`connections`](Connections): the connections of one process and what they share
//! - `select`: which connection is meant
//! - `sign_in`: a run that pauses for a person; the new credential replaces the old only once it works
//! - `unattended`, `setback`: a sign-in that needs no person, for a call; how long one that failed is left alone
//! - `current`: the newest version, open for use
//! - [`FirstCall`]: who shows a password first, while no call has proven it
//! - `table`: the handles that are open, and how many; `watch`: what other processes write, heard within a second
//! - `renew`, `renewal`: one renewal for all who wait, from the lease to the stored result
//! - `paused`: renewals that wait for an answer
//! - `turn`: that of a connection's sign-ins
//! - `flight`, `lease`: one at a time in the process, and across processes
//! - `live_jar`, `save`: the cookies that calls share, written behind
//! - `browser`, `kept`: credentials that a browser keeps, sealed, and what the store has of them meanwhile
//! - `proof`: whether a new credential works, asked before it replaces one that did
//! - [`Identities`]: who owners are at their identity provider, for flows that ask
//! - `step_up`, `attempt_step_up`: more proof for one call, asked for at a terminal or over HTTP
//! - `sign_out`: the logout, the revocation, and forgetting
//! - `listing`: an owner's connections, page by page, and their names
//! - [`Attempts`], [`Attempt`], [`AttemptView`]: sign-ins that a server drives for people over HTTP; `attempt_start`,
//!   `attempt_seize`, `attempt_work`: begun or joined, one thing at a time, the run itself; `attempt_record`,
//!   `attempt_prompt`: what is kept of one; `attempt_table`: what this process holds of it
//! - `counters`: what monitors count; `clock_notice`: what the log says of a wrong clock
//! - `drive`, `relay`, `learned`: a flow without a person, and its events for who waits

mod attempt;
mod attempt_error;
mod attempt_prompt;
mod attempt_record;
mod attempt_seize;
mod attempt_start;
mod attempt_step_up;
mod attempt_table;
mod attempt_view;
mod attempt_work;
mod attempts;
mod browser;
mod clock_notice;
mod connections;
mod counters;
mod current;
mod drive;
mod error;
mod first_call;
mod flight;
mod handle;
mod identities;
mod kept;
mod learned;
mod lease;
mod listing;
mod live_jar;
mod paused;
mod proof;
mod relay;
mod renew;
mod renewal;
mod save;
mod select;
mod setback;
mod sign_in;
mod sign_out;
mod step_up;
mod table;
mod turn;
mod unattended;
mod watch;

pub use attempt::Attempt;
pub use attempt_error::AttemptError;
pub use attempt_step_up::SteppingUp;
pub use attempt_view::{AttemptFailure, AttemptState, AttemptView, FaultOf, WaitingFor};
pub use attempts::{AttemptLimits, Attempts, ConnectorSource, Opener, Redirect};
pub use browser::{Binding, Shown};
pub use connections::{Connections, Equipped};
pub use error::ConnectionError;
pub use first_call::FirstCall;
pub use handle::Handle;
pub use identities::Identities;
pub use proof::{Proof, ProofFn, ProofFuture};
pub use renew::Why;
pub use select::Selector;
pub use setback::{SetBack, SetBackKind};
pub use sign_in::{Begun, Purpose, SignIn, SignInProgress};
pub use sign_out::SignedOut;
pub use step_up::{StepUp, StepUpProgress, SteppedUp};
