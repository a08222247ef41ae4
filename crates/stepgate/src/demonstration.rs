//! `serve --demo`: the demonstration API behind the server, and one line to try for each main use.

use std::net::{IpAddr, Ipv4Addr};
use std::time::SystemTime;

use ipnet::IpNet;
use store::Store;
use tempfile::TempDir;

use crate::arguments::{AppCreate, Everywhere, Serve};
use crate::command::make_app;
use crate::demo::{self, DemoApi};
use crate::ending::Complaint;

/// How long the demonstration's tokens live, in seconds: short enough to see one renewed.
const TOKEN_SECONDS: u64 = 20;

/// The connector of the demonstration's definition.
const CONNECTOR: &str = "demo";

/// Where `examples/host-app` listens.
const HOST_APP: &str = "http://127.0.0.1:3000";

/// The demonstration while it runs. Its folder and its API are gone when it is dropped.
pub(crate) struct Demonstration {
    folder: TempDir,
    _api: DemoApi,
}

impl Demonstration {
    /// Starts the API and points the settings at a data folder and a connector of its own.
    ///
    /// # Errors
    /// Where the API or the folder cannot be made.
    pub(crate) async fn start(
        everywhere: &mut Everywhere,
        serve: &mut Serve,
    ) -> Result<Self, Complaint> {
        let failed = |error: std::io::Error| {
            Complaint::ours("demo", format!("cannot set up the demonstration: {error}"))
        };
        let api = demo::start(SystemTime::now, TOKEN_SECONDS)
            .await
            .map_err(failed)?;
        let folder = tempfile::Builder::new()
            .prefix("stepgate-demo-")
            .tempdir()
            .map_err(failed)?;
        let connectors = folder.path().join("connectors");
        std::fs::create_dir(&connectors).map_err(failed)?;
        let definition = demo::DEFINITION.replace(
            "http://127.0.0.1:8099",
            &format!("http://{}", api.address()),
        );
        std::fs::write(connectors.join("demo.yaml"), definition).map_err(failed)?;
        serve.connectors = Some(connectors);
        everywhere.data_dir = folder.path().join("data");
        everywhere
            .allow_private
            .push(IpNet::from(IpAddr::from(Ipv4Addr::LOCALHOST)));
        Ok(Self { folder, _api: api })
    }

    /// What the page is told, so that whoever comes to it can sign in.
    pub(crate) fn told(&self) -> server::doctor::Demonstration {
        server::doctor::Demonstration {
            connector: CONNECTOR.to_owned(),
            user: demo::USER.to_owned(),
            password: demo::PASSWORD.to_owned(),
        }
    }

    /// Makes an app, and the lines to try with its key.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn lines(&self, store: &Store, url: &str) -> Result<String, Complaint> {
        let app = AppCreate {
            name: "demo-app".to_owned(),
            connectors: vec![CONNECTOR.to_owned()],
            origins: vec![HOST_APP.to_owned()],
            return_addresses: vec![format!("{HOST_APP}/")],
        };
        let key = make_app(store, app).await?;
        let (user, password) = (demo::USER, demo::PASSWORD);
        let who = format!("-H 'Stepgate-Key: {key}' -H 'Stepgate-User: you'");
        Ok(format!(
            "\n\
An API at the back wants a form, a CSRF token, a login and a ticket; its tokens live {TOKEN_SECONDS} s.\n\
How a builder declares it: {definition}\n\
\n\
# Sign the user `you` in: start a flow run, and answer its form.\n\
RUN=$(curl -s {url}/api/runs --json '{{\"connector\":\"demo\"}}' {who} | sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/'); \
curl -s {url}/api/runs/$RUN/answers --json '{{\"form1\":{{\"username\":\"{user}\",\"password\":\"{password}\"}}}}' {who}\n\
\n\
# Or on a page, in a browser: open the address that this prints, once.\n\
curl -s {url}/api/auth-links --json '{{\"user\":\"you\"}}' {who}\n\
\n\
# Or in an app of its own: open {HOST_APP} then, and sign in as {user} with the password {password}\n\
STEPGATE_URL={url} STEPGATE_KEY={key} node examples/host-app/server.mjs\n\
\n\
# Call an endpoint that the definition names. Wait {TOKEN_SECONDS} s and call again: the session is renewed on the way.\n\
curl -s {url}/call/demo/list_notes --json '{{\"parameters\":{{}}}}' {who}\n\
\n\
# Send any call below the API's base URL.\n\
curl -si {url}/proxy/demo/api/me {who}\n\
\n\
# See the connection, its state and why.\n\
curl -s {url}/api/connections {who}\n\
\n\
# A token for a browser of this user, good for minutes.\n\
curl -s {url}/api/user-tokens --json '{{\"user\":\"you\"}}' {who}\n\
\n\
# What the server counts.\n\
curl -s {url}/metrics\n",
            definition = self.folder.path().join("connectors/demo.yaml").display(),
        ))
    }
}
