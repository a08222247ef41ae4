//! The API below `/api` as builders and their programs use it.

mod accounts;
mod app;
mod client;
mod connector;
mod document;
mod editor;
mod hostile;
mod people;
mod sso;
mod sso_users;
mod test_run_owners;
mod test_runs;
mod trying;
mod world;
