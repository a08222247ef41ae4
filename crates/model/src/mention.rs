//! Which templates stand in which part of a connector, so that checks and the question what must
//! be kept ask one place.

use indexmap::IndexMap;
use template::{Segment, Template};

use crate::connector::{ClientCertificate, Connector, RequestParameter};
use crate::endpoint::Endpoint;
use crate::form::{FormStep, Options};
use crate::oauth2::OAuth2Settings;
use crate::request::{Body, Request};
use crate::session::Life;
use crate::step::{Step, StepKind};
use crate::step_up::StepUp;
use crate::value_template::ValueTemplate;

impl Connector {
    /// The templates that run after a sign-in: all but those of the auth flow, the identity and
    /// the label.
    #[must_use]
    pub fn templates_after_sign_in(&self) -> Vec<&Template> {
        let mut found = self.session.over_when.templates();
        found.extend(self.session.life.as_ref().map(Life::template));
        if let Some(refresh) = &self.refresh_flow {
            found.extend(refresh.steps.iter().flat_map(Step::templates));
            found.extend(refresh.update_variables.iter().map(|update| &update.source));
        }
        if let Some(step_up) = &self.step_up {
            found.extend(step_up.templates());
        }
        if let Some(logout) = &self.logout_flow {
            found.extend(logout.steps.iter().flat_map(Step::templates));
        }
        found.extend(
            self.request_parameters
                .iter()
                .flat_map(RequestParameter::templates),
        );
        found.extend(self.sign_in.templates());
        found.extend(
            self.client_certificate
                .iter()
                .flat_map(ClientCertificate::templates),
        );
        found.extend(self.test_api.iter().flat_map(Endpoint::templates));
        found.extend(self.endpoints.iter().flat_map(Endpoint::templates));
        found
    }

    /// The form fields that are stored after sign-in, as step id and key: those that something
    /// outside the auth flow reads, all of them with `use_stored_credentials`, or what `remember`
    /// says; an otp never.
    #[must_use]
    pub fn kept_fields(&self) -> Vec<(String, String)> {
        let stored = self
            .refresh_flow
            .as_ref()
            .is_some_and(|refresh| refresh.use_stored_credentials);
        let later = self.templates_after_sign_in();
        let mut kept = Vec::new();
        for step in &self.auth_flow.steps {
            let StepKind::Form(form) = &step.kind else {
                continue;
            };
            for field in &form.fields {
                let wanted = field.remember.unwrap_or_else(|| {
                    stored
                        || later
                            .iter()
                            .any(|template| reads(template, &step.id, &field.key))
                });
                if wanted && field.kind != crate::form::FieldKind::Otp {
                    kept.push((step.id.clone(), field.key.clone()));
                }
            }
        }
        kept
    }
}

/// Whether a template reads an output of a step, by its name or the step as a whole.
pub(crate) fn reads(template: &Template, step: &str, output: &str) -> bool {
    template.expressions().any(|expression| {
        expression.path.root == step
            && match expression.path.segments.first() {
                Some(Segment::Key(key)) => key == output,
                Some(Segment::Index(_)) => false,
                None => true,
            }
    })
}

impl StepUp {
    fn templates(&self) -> Vec<&Template> {
        let when = self
            .when
            .iter()
            .flat_map(crate::condition::Condition::templates);
        let steps = self.steps.iter().flat_map(Step::templates);
        let parameters = self.request_parameters.iter();
        when.chain(steps)
            .chain(parameters.flat_map(RequestParameter::templates))
            .collect()
    }
}

impl ClientCertificate {
    fn templates(&self) -> [&Template; 2] {
        [&self.certificate, &self.key]
    }
}

impl RequestParameter {
    /// Every template inside.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let mut found = self.value.templates();
        found.extend(
            self.when
                .iter()
                .flat_map(crate::condition::Condition::templates),
        );
        found
    }
}

impl Endpoint {
    /// Every template inside.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let mut found = self.request.templates();
        found.extend(
            self.expect
                .iter()
                .flat_map(crate::condition::Condition::templates),
        );
        found
    }
}

impl Request {
    /// Every template inside.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let mut found = vec![&self.url];
        found.extend(self.query.values().flat_map(ValueTemplate::templates));
        found.extend(self.headers.values());
        match &self.body {
            Body::None => {}
            Body::Json(value) => found.extend(value.templates()),
            Body::Form(parts) | Body::Multipart(parts) => {
                found.extend(parts.values().flat_map(ValueTemplate::templates));
            }
            Body::Text(template) => found.push(template),
            Body::Graphql(operation) => found.extend(operation.templates()),
        }
        found.extend(
            self.sign_in
                .iter()
                .flat_map(crate::sign_in::SignIn::templates),
        );
        found
    }
}

impl Step {
    /// Every template inside, those of its conditions included.
    #[must_use]
    pub fn templates(&self) -> Vec<&Template> {
        let mut found = Vec::new();
        for condition in self.when.iter().chain(&self.expect) {
            found.extend(condition.templates());
        }
        match &self.kind {
            StepKind::Form(form) => found.extend(form.templates()),
            StepKind::ApiRequest(step) => {
                found.extend(step.request.templates());
                found.extend(step.poll.iter().flat_map(|poll| poll.until.templates()));
            }
            StepKind::GraphqlRequest(step) => found.extend(step.request.templates()),
            StepKind::Ntlm(step) => found.extend(step.request.templates()),
            StepKind::Callback(step) => found.push(&step.url),
            StepKind::JsCode(step) => {
                found.extend(step.parameters.values().flat_map(ValueTemplate::templates));
            }
            StepKind::Basic(step) => found.extend([&step.username, &step.password]),
            StepKind::JwtBearer(step) => {
                found.push(&step.key);
                found.extend(&step.token_url);
                let values = [&step.header, &step.claims, &step.token_parameters];
                let values = values.into_iter().flat_map(IndexMap::values);
                found.extend(values.flat_map(ValueTemplate::templates));
            }
            StepKind::OAuth2(step) => {
                found.extend(step.settings.templates());
                found.extend(&step.authorization_url);
                found.extend(&step.par_url);
                found.extend(
                    step.authorization_parameters
                        .values()
                        .flat_map(ValueTemplate::templates),
                );
            }
            StepKind::OAuth1(step) => found.extend(step.templates()),
            StepKind::OAuth2ClientCredentials(step) => found.extend(step.settings.templates()),
            StepKind::OAuth2Refresh(step) => {
                found.extend(step.settings.templates());
                found.extend(&step.refresh_token);
            }
            StepKind::OAuth2TokenExchange(step) => {
                found.extend(step.settings.templates());
                for given in [&step.subject].into_iter().chain(&step.actor) {
                    found.push(&given.token);
                    found.extend(&given.kind);
                }
                found.extend(&step.requested_token_type);
                found.extend(&step.audience);
            }
            StepKind::DeviceCode(step) => {
                found.extend(step.settings.templates());
                found.extend(&step.device_authorization_url);
                let further = step.authorization_parameters.values();
                found.extend(further.flat_map(ValueTemplate::templates));
            }
            StepKind::Totp(step) => found.push(&step.secret),
            StepKind::SsoToken(step) => found.extend(step.templates()),
        }
        found
    }
}

impl FormStep {
    fn templates(&self) -> Vec<&Template> {
        let mut found: Vec<&Template> = self.title.iter().chain(&self.text).collect();
        for exhibit in &self.show {
            found.extend(&exhibit.label);
            found.push(exhibit.kind.template());
        }
        for field in &self.fields {
            let texts = [
                &field.label,
                &field.help,
                &field.placeholder,
                &field.default,
                &field.otherwise,
            ];
            found.extend(texts.into_iter().flatten());
            if let Options::From(template) = &field.options {
                found.push(template);
            }
        }
        found
    }
}

impl OAuth2Settings {
    pub(crate) fn templates(&self) -> Vec<&Template> {
        let texts = [
            &self.token_url,
            &self.issuer,
            &self.client_id,
            &self.client_secret,
            &self.client_certificate,
            &self.client_key,
            &self.client_key_id,
            &self.client_audience,
            &self.scope,
            &self.revocation_url,
        ];
        let mut found: Vec<&Template> = texts.into_iter().flatten().collect();
        found.extend(&self.resource);
        found.extend(
            self.token_parameters
                .values()
                .flat_map(ValueTemplate::templates),
        );
        found
    }
}
