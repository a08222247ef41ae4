//! The authorization endpoint (RFC 6749, section 4.1.1).

use bytes::Bytes;
use http::Request;
use url::Url;

use super::Desk;
use super::builder::Pkce;
use crate::received::Received;
use crate::reply::Reply;

impl Desk {
    pub(super) fn authorize(&self, request: &Request<Bytes>, agrees: bool) -> Reply {
        let asked = |name: &str| request.query_value(name);
        let refuse = |why: &str| Reply::html(format!("<p>{why}</p>")).with_status(400);
        // Without a known client and redirect URI nobody is redirected (section 4.1.2.1).
        if asked("client_id").as_deref() != Some(&self.settings.client.0) {
            return refuse("unknown client_id");
        }
        let Some(redirect_uri) = asked("redirect_uri") else {
            return refuse("redirect_uri is missing");
        };
        let allowed = self.settings.redirect_uri.as_ref();
        let Some(mut target) = Url::parse(&redirect_uri)
            .ok()
            .filter(|_| allowed.is_none_or(|allowed| *allowed == redirect_uri))
        else {
            return refuse("redirect_uri is not registered");
        };
        let answer = self.decide(request, agrees, &redirect_uri);
        {
            let mut query = target.query_pairs_mut();
            match &answer {
                Ok(code) => query.append_pair("code", code),
                Err(error) => query.append_pair("error", error),
            };
            if let Some(state) = asked("state") {
                query.append_pair("state", &state);
            }
            if let Some(issuer) = &self.settings.redirect_issuer {
                query.append_pair("iss", issuer);
            } else if self.settings.iss {
                query.append_pair("iss", &self.state().origin);
            }
        }
        Reply::redirect(target.as_str())
    }

    /// A code, or the word of an error.
    fn decide(
        &self,
        request: &Request<Bytes>,
        agrees: bool,
        redirect_uri: &str,
    ) -> Result<String, &'static str> {
        let asked = |name: &str| request.query_value(name);
        if asked("response_type").as_deref() != Some("code") {
            return Err("unsupported_response_type");
        }
        let challenge = asked("code_challenge").map(|challenge| {
            let method = asked("code_challenge_method").unwrap_or_else(|| "plain".into());
            (challenge, method)
        });
        let method = challenge.as_ref().map(|(_, method)| method.as_str());
        let pkce = matches!(
            (self.settings.pkce, method),
            (_, Some("S256"))
                | (Pkce::Any | Pkce::Optional, Some("plain"))
                | (Pkce::Optional, None)
        );
        if !pkce {
            return Err("invalid_request");
        }
        if !agrees {
            return Err("access_denied");
        }
        let scope = self.settings.scope.clone().or(asked("scope"));
        let mut state = self.state();
        let user = state.user.clone();
        let scope = scope.unwrap_or_default();
        Ok(state
            .grants
            .new_code(&user, &scope, redirect_uri, challenge))
    }
}
