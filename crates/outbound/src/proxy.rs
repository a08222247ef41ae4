//! The proxies that the operator names, and which hosts are reached through them.

/// The values of the customary variables, handed in by whoever may read the environment.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProxyEnv {
    /// `HTTPS_PROXY`: for https URLs.
    pub https: Option<String>,
    /// `HTTP_PROXY`: for http URLs.
    pub http: Option<String>,
    /// `NO_PROXY`: hosts, domains and ranges that are reached directly.
    pub no_proxy: Option<String>,
}

// A proxy's URL may hold its password.
impl std::fmt::Debug for ProxyEnv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyEnv")
            .field("https", &self.https.is_some())
            .field("http", &self.http.is_some())
            .field("no_proxy", &self.no_proxy)
            .finish()
    }
}
