//! A credential as an API refuses it: for a test that shows what then happens.

use model::Connector;
use outbound::Jar;
use serde_json::Value;
use template::Template;

use crate::credential::Credential;

/// What takes the place of the end of a spoiled value.
const SPOILED: &str = "-spoiled";

impl Credential {
    /// The same with every output that calls send made worthless, and without its cookies where calls send those. None
    /// where calls send nothing that a sign-in gave.
    #[must_use]
    pub fn spoiled(&self, connector: &Connector) -> Option<Self> {
        let mut spoiled = self.clone();
        let mut changed = false;
        let sent = connector.request_parameters.iter();
        let sent = sent.flat_map(|parameter| parameter.value.templates());
        for template in sent.chain(connector.sign_in.templates()) {
            changed |= spoil(template, &mut spoiled);
        }
        if connector.cookies.forward_all && !self.jar.is_empty() {
            spoiled.jar = Jar::new();
            changed = true;
        }
        changed.then_some(spoiled)
    }
}

fn spoil(template: &Template, credential: &mut Credential) -> bool {
    let mut changed = false;
    for expression in template.expressions() {
        let Some(Value::String(text)) = credential.outputs.get(&expression.path) else {
            continue;
        };
        // Its beginning stays, so that what reads a user or an expiry of it is not led astray.
        let kept: String = text.chars().take(text.chars().count() / 2).collect();
        let spoiled = Value::String(format!("{kept}{SPOILED}"));
        changed |= credential.outputs.put(&expression.path, spoiled).is_ok();
    }
    changed
}
