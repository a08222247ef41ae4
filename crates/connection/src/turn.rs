//! The turn of a connection's sign-ins: one at a time, by whichever process and in whichever way it is begun.

use crate::connections::Connections;
use crate::error::ConnectionError;
use crate::select::Selector;
use model::Connector;

impl Connections {
    /// The key of the lease that lets one sign-in at a connection be open: the same however the connection is named. The
    /// only one of its owner needs no name.
    pub(crate) async fn turn_of(
        &self,
        connector: &Connector,
        selector: &Selector,
    ) -> Result<String, ConnectionError> {
        let owner = selector.owner_at(connector);
        let Some(named) = &selector.name else {
            return Ok(turn_key(connector, owner, None));
        };
        let Some(record) = self.select(connector, selector).await? else {
            return Ok(turn_key(connector, owner, Some(named)));
        };
        let all = self.list(connector, &selector.owner).await?;
        let name = (all.len() > 1).then_some(record.id.as_str());
        Ok(turn_key(connector, owner, name))
    }
}

fn turn_key(connector: &Connector, owner: &str, name: Option<&str>) -> String {
    let parts = [
        "sign-in",
        &connector.name,
        connector.environment.as_deref().unwrap_or_default(),
        owner,
        &connector.origin_set_key(),
        name.unwrap_or_default(),
    ];
    parts.join("\n")
}
