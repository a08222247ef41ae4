//! A connector made ready for calls: what is the same for every call and every credential is worked out here, once.

use connection::Equipped;
use model::Connector;

/// A connector, compiled for calls. Made once for each version of a definition, and shared by all threads.
pub struct Route {
    equipped: Equipped,
}

impl Route {
    /// Compiles a connector.
    #[must_use]
    pub fn new(equipped: Equipped) -> Self {
        Self { equipped }
    }

    /// The connector with its secrets.
    #[must_use]
    pub fn equipped(&self) -> &Equipped {
        &self.equipped
    }

    /// The connector.
    #[must_use]
    pub fn connector(&self) -> &Connector {
        &self.equipped.connector
    }
}
