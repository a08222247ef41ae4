//! From the path of a value to what can be read there. The builder knows it where something is written; here it is known
//! where nothing is written yet, too. A test holds the two together over every definition of the repository.

use crate::build::{FlowName, Parameters, Signing, Site, Steps};
use crate::connector::Connector;
use crate::step::{Step, StepKind};

/// What can be read at a path.
pub(super) fn of(path: &str, connector: &Connector) -> Site {
    let (head, rest) = cut(path);
    let site = match head {
        "auth_flow" => step(FlowName::Auth, &connector.auth_flow.steps, rest),
        "refresh_flow" if cut(rest).0 == "update_variables" => Site {
            steps: Steps::RefreshFlow,
            ..Site::default()
        },
        "refresh_flow" => {
            let refresh = connector.refresh_flow.as_ref();
            let steps = refresh.map_or(&[][..], |flow| &flow.steps);
            step(FlowName::Refresh, steps, rest)
        }
        "logout_flow" => {
            let logout = connector.logout_flow.as_ref();
            let steps = logout.map_or(&[][..], |flow| &flow.steps);
            step(FlowName::Logout, steps, rest)
        }
        "step_up" => step_up(connector, rest),
        "session" => {
            let judged = cut(rest).0 == "over_when";
            after_sign_in(Parameters::None, judged, judged)
        }
        "connection" => after_sign_in(Parameters::None, false, false),
        "request_parameters" | "sign_in" => after_sign_in(Parameters::Any, false, true),
        "test_api" => call(Parameters::TestApi, rest),
        "endpoints" => match index(rest) {
            Some((index, rest)) => call(Parameters::Endpoint(index), rest),
            None => Site::default(),
        },
        _ => Site::default(),
    };
    signed(path, site)
}

fn after_sign_in(parameters: Parameters, response: bool, request: bool) -> Site {
    Site {
        steps: Steps::AuthFlow,
        response,
        request,
        parameters,
        ..Site::default()
    }
}

fn call(parameters: Parameters, rest: &str) -> Site {
    let judged = cut(rest).0 == "expect";
    after_sign_in(parameters, judged, judged)
}

/// The reply that asked for more proof can be read all along.
fn step_up(connector: &Connector, rest: &str) -> Site {
    let steps = connector.step_up.as_ref();
    let steps = steps.map_or(&[][..], |step_up| &step_up.steps);
    let site = match cut(rest).0 {
        "when" => after_sign_in(Parameters::None, true, true),
        "request_parameters" => Site {
            steps: Steps::StepUp,
            ..after_sign_in(Parameters::Any, true, true)
        },
        _ => step(FlowName::StepUp, steps, rest),
    };
    let is_there = site != Site::default();
    Site {
        response: is_there,
        challenge: is_there,
        ..site
    }
}

fn step(flow: FlowName, steps: &[Step], rest: &str) -> Site {
    let Some((index, rest)) = rest.strip_prefix("steps").and_then(index) else {
        return Site::default();
    };
    let judged = cut(rest).0 == "expect" || rest.starts_with("poll.until");
    let replies = steps.get(index).is_some_and(gets_a_reply);
    Site {
        steps: Steps::Before(flow, index + usize::from(judged)),
        state: true,
        response: judged && replies,
        request: judged && replies,
        ..Site::default()
    }
}

fn gets_a_reply(step: &Step) -> bool {
    !matches!(
        step.kind,
        StepKind::Form(_)
            | StepKind::Callback(_)
            | StepKind::JsCode(_)
            | StepKind::Basic(_)
            | StepKind::Totp(_)
            | StepKind::SsoToken(_)
    )
}

/// The texts of a declared signature read more. Only one of kind `hmac` has keys of these names.
fn signed(path: &str, site: Site) -> Site {
    let Some(begin) = path.rfind("sign_in.") else {
        return site;
    };
    let signing = match cut(&path[begin + "sign_in.".len()..]).0 {
        "string_to_sign" | "headers" | "query" => Signing::Text,
        "value" => Signing::Value,
        _ => Signing::None,
    };
    Site { signing, ..site }
}

/// The first name of a path, and what follows it.
fn cut(path: &str) -> (&str, &str) {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let rest = &path[end..];
    (&path[..end], rest.strip_prefix('.').unwrap_or(rest))
}

/// The number at the beginning, `[2]`, and what follows it.
fn index(rest: &str) -> Option<(usize, &str)> {
    let (number, rest) = rest.strip_prefix('[')?.split_once(']')?;
    Some((number.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::build::Site;
    use crate::read::{Overrides, understood};
    use crate::report::Report;
    use crate::text::Text;
    use crate::tree;
    use std::path::Path;

    #[test]
    fn it_is_what_the_builder_says_of_every_template_there_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders = [
            "examples",
            "fixtures/definitions/valid",
            "fixtures/definitions/invalid",
        ];
        let mut compared = 0;
        for folder in folders {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let is_definition = path
                    .extension()
                    .is_some_and(|it| it == "yaml" || it == "json");
                if !is_definition {
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                let text = Text::new(&source);
                let mut report = Report::new(&text);
                let Some(tree) = tree::parse(&mut report) else {
                    continue;
                };
                let read = understood(&tree, &Overrides::default(), &mut report);
                let Some((connector, mentions)) = read else {
                    continue;
                };
                for mention in mentions {
                    let found = of(&mention.path, &connector);
                    assert_eq!(found, mention.site, "{} {}", path.display(), mention.path);
                    compared += usize::from(found != Site::default());
                }
            }
        }
        assert!(compared > 500, "{compared}");
    }
}
