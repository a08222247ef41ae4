//! Names to addresses: the system's resolver, or one that a test scripts.

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

/// The answer to one look-up, when it comes.
pub type Lookup = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>>;

/// Who looks names up. Asked anew for every connection that is opened.
#[derive(Clone, Default)]
pub enum Resolver {
    /// The operating system.
    #[default]
    System,
    /// Another, such as one that changes its answer to try a rebinding attack.
    Custom(Arc<dyn Fn(&str) -> Lookup + Send + Sync>),
}

impl Resolver {
    /// One that asks `lookup`.
    pub fn from_fn<F, R>(lookup: F) -> Self
    where
        F: Fn(&str) -> R + Send + Sync + 'static,
        R: Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        Self::Custom(Arc::new(move |host| Box::pin(lookup(host))))
    }

    /// One that knows these names and no others.
    pub fn fixed(names: impl IntoIterator<Item = (String, Vec<IpAddr>)>) -> Self {
        let names: HashMap<String, Vec<IpAddr>> = names.into_iter().collect();
        Self::from_fn(move |host| {
            let found = names.get(host).cloned();
            async move {
                found.ok_or_else(|| {
                    std::io::Error::new(std::io::ErrorKind::NotFound, "no such name")
                })
            }
        })
    }

    /// The addresses of a host name, in the order in which they are to be tried.
    pub(crate) async fn lookup(&self, host: &str) -> std::io::Result<Vec<IpAddr>> {
        match self {
            Self::System => {
                let found = tokio::net::lookup_host((host, 0)).await?;
                Ok(found.map(|address| address.ip()).collect())
            }
            Self::Custom(lookup) => lookup(host).await,
        }
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Custom(_) => "Custom",
        })
    }
}
