//! The API below `/api` as builders and their programs use it.

mod accounts;
mod app;
mod app_uses;
mod client;
mod connector;
mod document;
mod editor;
mod first_steps;
mod hostile;
mod people;
mod set_up_links;
mod sso;
mod sso_users;
mod test_report;
mod test_run_owners;
mod test_run_renewed;
mod test_runs;
mod trying;
mod world;
