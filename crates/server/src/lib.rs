//! The listener, the HTTP API, apps and their users: what turns the library crates into a service.
