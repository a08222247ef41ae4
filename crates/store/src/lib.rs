//! What survives a restart: connections, definitions, apps and people; what is secret of them, sealed.
//!
//! # Layout
//! - [`Store`], [`Settings`]: opening the data folder; start here
//! - [`ConnectionRecord`] in `record`: what is known of a connection
//! - `connection`, `cookies`: reading and writing them, compared by version and fence at each write
//! - `page`, `last_use`: listing many of them; when each was last used
//! - `change`: what was written since somebody looked, by whichever process
//! - `blob`: what a browser keeps of one, sealed
//! - `lease`: who may do a piece of work, across processes, with a fencing number that only grows
//! - `draft`: definitions that somebody is writing
//! - `setback`: sign-ins that need no person and do not work for now
//! - `secret_value`: the secrets of a connector, per environment
//! - `run`: flow runs that wait for a person
//! - `definition`: connectors as text, all versions
//! - `app`, `app_key`: registered callers and their keys; `gone_owner`: those that were deleted
//! - `person`, `session`, `token`: our own people, and who is signed in where; `set_up_link`: how they get a password
//! - `app_sso`: how an app's users are known by single sign-on; `app_use`: what they have of each connector
//! - `mark`: what a person has noted for themselves
//! - `identity`: who owners are at their identity provider
//! - `ticket`, `server_secret`: what works once; what the server signs with
//! - `digest`: what is kept of what somebody shows
//! - `seal`: values under a data key, bound to the row and version they stand in
//! - `data_key`, `master_key`: the keys that seal, and the one key that wraps them
//! - `folder`, `database`, `migration`, `worker`: the files, and the threads that touch them
//! - [`StoreError`], [`Notice`]: what went wrong, and what people should know

mod app;
mod app_key;
mod app_sso;
mod app_use;
mod blob;
mod change;
mod connection;
mod cookies;
mod data_key;
mod database;
mod definition;
mod digest;
mod draft;
mod error;
mod folder;
mod gone_owner;
mod identity;
mod last_use;
mod lease;
mod mark;
mod master_key;
mod migration;
mod notice;
mod page;
mod person;
mod record;
mod run;
mod seal;
mod secret_value;
mod server_secret;
mod session;
mod set_up_link;
mod setback;
mod store;
mod ticket;
mod token;
mod worker;

pub use app::{AppRecord, AppSettings, Published, SHARED, is_app_name};
pub use app_key::{AppKeyRecord, KEYS_PER_APP};
pub use app_sso::AppSsoRecord;
pub use app_use::AppUse;
pub use blob::{BlobLabel, BlobPlace};
pub use change::{ChangedConnection, Changes, Mark};
pub use definition::{DefinitionRecord, NewDefinition};
pub use digest::Digest;
pub use draft::DraftRecord;
pub use error::StoreError;
pub use identity::{Forgotten, IdentityRecord, LinkedRecord, Over};
pub use last_use::Use;
pub use lease::Fence;
pub use master_key::{KeySource, check_key, generate_key};
pub use notice::Notice;
pub use page::{Cursor, Owners, PAGE_LIMIT, Page, PageFilter};
pub use person::{PersonRecord, PersonUpdate, Role};
pub use record::{ConnectionRecord, Filter, NewConnection, Update};
pub use run::{NewRun, RunRecord};
pub use seal::Sealed;
pub use session::{SessionOf, SessionRecord};
pub use set_up_link::SetUpLinkRecord;
pub use setback::SetbackRecord;
pub use store::{DATABASE_FILE, MASTER_KEY_FILE, Settings, Store};
pub use token::TokenRecord;
