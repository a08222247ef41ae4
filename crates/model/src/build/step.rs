//! Steps out of nodes.

use indexmap::IndexMap;

use super::{At, Builder, FlowName, Role, Site, Steps};
use crate::code::Code;
use crate::jws::{JwsAlgorithm, KeyEncoding};
use crate::oauth2::PkceMode;
use crate::request::Redirects;
use crate::sign_in::SignIn;
use crate::sso::SsoTokenStep;
use crate::step::{
    ApiRequestStep, BasicStep, CallbackStep, DEFAULT_ATTEMPTS, DEFAULT_JWT_LIFE,
    DEFAULT_POLL_EVERY, DEFAULT_POLL_FOR, JsCodeStep, JwtBearerStep, NtlmStep, OnFail, Poll, Step,
    StepKind,
};
use crate::totp::{TotpAlgorithm, TotpStep};

impl Builder<'_, '_> {
    /// The steps of a flow, one for each item, so that positions in types and tree agree.
    pub(super) fn steps(&mut self, flow: FlowName, at: Option<At<'_>>) -> Vec<Step> {
        at.iter()
            .flat_map(At::items)
            .enumerate()
            .map(|(index, at)| self.step(flow, index, &at))
            .collect()
    }

    fn step(&mut self, flow: FlowName, index: usize, at: &At<'_>) -> Step {
        let steps_up = flow == FlowName::StepUp;
        let before = Site {
            steps: Steps::Before(flow, index),
            state: true,
            response: steps_up,
            challenge: steps_up,
            ..Site::default()
        };
        self.site = before.clone();
        let when = self.condition_of(at, "when");
        let kind_name = at.text_of("kind");
        let replies = matches!(
            kind_name.as_deref(),
            Some(
                "api_request"
                    | "graphql_request"
                    | "jwt_bearer"
                    | "oauth2"
                    | "oauth2_pkce"
                    | "oauth2_client_credentials"
                    | "oauth2_refresh"
                    | "oauth2_token_exchange"
                    | "ntlm"
                    | "oauth1"
                    | "device_code"
            )
        );
        let judged = Site {
            steps: Steps::Before(flow, index + 1),
            response: replies || steps_up,
            request: replies,
            ..before.clone()
        };
        let kind = self.kind(at, kind_name.as_deref(), &judged);
        self.site = judged;
        let expect = self.condition_of(at, "expect");
        self.site = before;
        Step {
            id: at.text_of("id").unwrap_or_default(),
            when,
            expect,
            on_fail: at.get("on_fail").map(|at| OnFail {
                back_to: at.text_of("back_to").unwrap_or_default(),
                attempts: at.count("attempts").unwrap_or(DEFAULT_ATTEMPTS),
            }),
            extract: self.extracts(at),
            kind,
        }
    }

    fn kind(&mut self, at: &At<'_>, name: Option<&str>, judged: &Site) -> StepKind {
        match name {
            Some("form") => StepKind::Form(self.form(at)),
            Some("api_request") => StepKind::ApiRequest(ApiRequestStep {
                request: self.request_of(at, "request"),
                redirects: self.redirects(at, Redirects::Follow),
                poll: at.get("poll").map(|at| self.poll(&at, judged)),
            }),
            Some("graphql_request") => StepKind::GraphqlRequest(self.graphql_request(at)),
            Some("callback") => StepKind::Callback(CallbackStep {
                url: self.needed(at, "url", Role::Url),
                decode: at.flag("decode", true),
                outputs: at
                    .get("outputs")
                    .iter()
                    .flat_map(At::items)
                    .map(|item| item.text())
                    .collect(),
            }),
            Some("js_code") => StepKind::JsCode(JsCodeStep {
                parameters: self.values(at.get("parameters"), Role::Other),
                code: at.text_of("code").unwrap_or_default(),
            }),
            Some("basic") => StepKind::Basic(BasicStep {
                username: self.needed(at, "username", Role::Other),
                password: self.needed(at, "password", Role::Other),
            }),
            Some("jwt_bearer") => StepKind::JwtBearer(self.jwt_bearer(at)),
            Some("oauth2") => StepKind::OAuth2(self.oauth2(at, PkceMode::None)),
            Some("oauth2_pkce") => StepKind::OAuth2(self.oauth2(at, PkceMode::S256)),
            Some("oauth2_client_credentials") => {
                StepKind::OAuth2ClientCredentials(self.oauth2_client_credentials(at))
            }
            Some("oauth2_refresh") => StepKind::OAuth2Refresh(self.oauth2_refresh(at)),
            Some("oauth2_token_exchange") => {
                StepKind::OAuth2TokenExchange(Box::new(self.oauth2_token_exchange(at)))
            }
            Some("device_code") => StepKind::DeviceCode(self.device_code(at)),
            Some("totp") => StepKind::Totp(self.totp(at)),
            Some("sso_token") => StepKind::SsoToken(self.sso_token(at)),
            Some("ntlm") => StepKind::Ntlm(self.ntlm_step(at)),
            Some("oauth1") => StepKind::OAuth1(self.oauth1(at)),
            // Reported before; a kind whose outputs only a run knows hides no later problem.
            _ => StepKind::JsCode(JsCodeStep {
                parameters: IndexMap::new(),
                code: String::new(),
            }),
        }
    }

    fn jwt_bearer(&mut self, at: &At<'_>) -> JwtBearerStep {
        if let Some(alg) = at.find(&["header", "alg"]) {
            let (code, span) = (Code::ReservedName, alg.node.span.clone());
            let message = "`alg` is what `algorithm` says.";
            let help = "Take it out of `header`.";
            self.report.add(code, span, &alg.path, message, help);
        }
        JwtBearerStep {
            // What is missing or unknown was reported before.
            algorithm: at
                .text_of("algorithm")
                .and_then(|name| JwsAlgorithm::named(&name))
                .unwrap_or(JwsAlgorithm::Rs256),
            key: self.needed(at, "key", Role::Other),
            key_encoding: at
                .text_of("key_encoding")
                .and_then(|name| KeyEncoding::named(&name))
                .unwrap_or_default(),
            header: self.values(at.get("header"), Role::Other),
            claims: self.values(at.get("claims"), Role::Other),
            expires_in: self.lasting(at, "expires_in", DEFAULT_JWT_LIFE),
            token_url: self.template_of(at, "token_url", Role::Url),
            token_parameters: self.values(at.get("token_parameters"), Role::Other),
        }
    }

    fn totp(&mut self, at: &At<'_>) -> TotpStep {
        TotpStep {
            secret: self.needed(at, "secret", Role::Other),
            algorithm: at
                .text_of("algorithm")
                .and_then(|name| TotpAlgorithm::named(&name)),
            digits: at.count("digits"),
            period: at.count("period"),
        }
    }

    fn sso_token(&mut self, at: &At<'_>) -> SsoTokenStep {
        let exchange = at.get("exchange");
        SsoTokenStep {
            exchange: exchange.map(|exchange| self.token_exchange(&exchange)),
        }
    }

    /// The step's account signs its request in, so the request has no other `sign_in`.
    fn ntlm_step(&mut self, at: &At<'_>) -> NtlmStep {
        let mut request = self.request_of(at, "request");
        if let Some(own) = at.find(&["request", "sign_in"]) {
            let code = Code::ConflictingKeys;
            let message = "An `ntlm` step signs its request in by itself.";
            let help = "Remove this `sign_in`, or use an `api_request`.";
            let span = own.node.span.clone();
            self.report.add(code, span, &own.path, message, help);
        }
        request.sign_in = Some(SignIn::Ntlm(Box::new(self.ntlm(at))));
        NtlmStep { request }
    }

    fn poll(&mut self, at: &At<'_>, judged: &Site) -> Poll {
        let before = std::mem::replace(&mut self.site, judged.clone());
        let until = self.condition_of(at, "until");
        self.site = before;
        Poll {
            every: self.lasting(at, "every", DEFAULT_POLL_EVERY),
            for_: self.lasting(at, "for", DEFAULT_POLL_FOR),
            until: until.unwrap_or(crate::condition::Condition::All(Vec::new())),
        }
    }
}
