//! What the templates of a call may name: the one scope of flows, with the credential and the jar of now.

use crate::renew::Credential;
use crate::resolve::Plan;
use connection::{Connections, Equipped};
use flow::{CallScope, Outputs};
use serde_json::Value;
use url::Url;

/// What is known of the call by now.
#[derive(Clone, Copy, Default)]
pub(crate) struct Seen<'a> {
    pub(crate) request: Option<&'a Value>,
    pub(crate) response: Option<&'a Value>,
    /// What a step-up gave, beside what is kept of the sign-in.
    pub(crate) outputs: Option<&'a Outputs>,
    /// Cookies are those that would be sent there.
    pub(crate) at: Option<&'a Url>,
}

/// Runs `read` with the scope. The jar is a copy of this moment: its lock is never held while templates are resolved.
pub(crate) fn with_scope<T>(
    connections: &Connections,
    equipped: &Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    seen: Seen<'_>,
    read: impl FnOnce(&CallScope<'_>) -> T,
) -> T {
    let nothing = Outputs::new();
    let context = equipped.context(connections.engine());
    let handle = credential.handle.as_ref().filter(|_| plan.attaches());
    let jar = handle.map(|handle| handle.cookies());
    let mut scope = match (seen.outputs, handle) {
        (Some(outputs), _) => CallScope::new(&context, outputs),
        (None, Some(handle)) => CallScope::of_packed(&context, handle.packed()),
        (None, None) => CallScope::new(&context, &nothing),
    };
    if let Some(jar) = &jar {
        scope = scope.with_jar(jar);
    }
    if let (Some(parameters), Some(endpoint)) = (plan.parameters(), plan.endpoint()) {
        let optional = endpoint
            .parameters
            .iter()
            .filter(|(_, parameter)| !parameter.required);
        scope = scope.with_parameters(parameters, optional.map(|(name, _)| name.clone()));
    }
    if let Some(request) = seen.request {
        scope = scope.with_request(request);
    }
    if let Some(response) = seen.response {
        scope = scope.with_response(response);
    }
    if let Some(at) = seen.at {
        scope = scope.at(at);
    }
    read(&scope)
}
