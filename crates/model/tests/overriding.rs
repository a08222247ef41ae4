//! What the command line changes: environments and single values.

use model::{Origin, Overrides, Reading, Source, read_with};

const DEFINITION: &str = r#"
stepgate: 1
connector: wiki
base_url: https://wiki.example.org
origins: [https://files.example.org]
variables: { client: stepgate, limit: 20 }
environments:
  staging: { base_url: "https://staging.example.org/api", variables: { client: staging, only: 1 } }
  odd: {}
endpoints:
  - name: list
    request: { url: "{{base_url}}/{{variables.client}}/{{variables.limit}}" }
"#;

fn reading(environment: Option<&str>, set: &[(&str, &str)]) -> Reading {
    let overrides = Overrides {
        environment: environment.map(str::to_owned),
        set: set
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
    };
    read_with(&Source::new("wiki.yaml", DEFINITION), &overrides)
}

fn codes(reading: &Reading) -> Vec<&str> {
    reading
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect()
}

#[test]
fn an_environment_replaces_the_base_url_and_variables() {
    let plain = reading(None, &[]).connector.unwrap();
    assert_eq!(plain.environment, None);
    assert_eq!(plain.variables["client"], "stepgate");
    assert_eq!(plain.environments.len(), 2);
    let staging = reading(Some("staging"), &[]).connector.unwrap();
    assert_eq!(staging.environment.as_deref(), Some("staging"));
    assert_eq!(staging.base_url.as_str(), "https://staging.example.org/api");
    assert_eq!(staging.variables["client"], "staging");
    assert_eq!(staging.variables["limit"], 20);
    assert_eq!(staging.variables["only"], 1);
    let origins: Vec<_> = staging.origins.iter().map(Origin::to_string).collect();
    assert_eq!(
        origins,
        ["https://staging.example.org", "https://files.example.org"]
    );
    assert_ne!(plain.origin_set_key(), staging.origin_set_key());
}

#[test]
fn single_values_win_over_the_environment_and_keep_their_type() {
    let set = [
        ("base_url", "http://127.0.0.1:8080"),
        ("variables.client", "7"),
        ("variables.limit", "7"),
    ];
    let reading = reading(Some("staging"), &set);
    assert!(!codes(&reading).contains(&"not_encrypted"));
    let connector = reading.connector.unwrap();
    assert_eq!(connector.base_url.as_str(), "http://127.0.0.1:8080/");
    assert_eq!(connector.origins[0].to_string(), "http://127.0.0.1:8080");
    assert_eq!(connector.variables["client"], "7");
    assert_eq!(connector.variables["limit"], 7);
}

#[test]
fn what_is_not_there_cannot_be_chosen() {
    let table = [
        (Some("stagin"), vec![], "unknown_environment"),
        (None, vec![("base_url", "ftp://wiki")], "bad_override"),
        (
            None,
            vec![("base_url", "{{variables.client}}")],
            "bad_override",
        ),
        (None, vec![("variables.clint", "a")], "bad_override"),
        (None, vec![("title", "a")], "bad_override"),
        (None, vec![("secrets.a", "a")], "bad_override"),
    ];
    for (environment, set, code) in table {
        let reading = reading(environment, &set);
        assert!(reading.connector.is_none(), "{set:?}");
        assert!(
            codes(&reading).contains(&code),
            "{set:?}: {:?}",
            codes(&reading)
        );
    }
    let near = reading(Some("stagin"), &[]);
    assert_eq!(near.problems[0].help, "Did you mean `staging`?");
}

#[test]
fn a_template_set_from_outside_stays_a_text() {
    let reading = reading(None, &[("variables.client", "{{secrets.a}}")]);
    assert!(codes(&reading).contains(&"template_not_here"));
}
