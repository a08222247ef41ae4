//! A GraphQL connector at the command line: what a reply with errors ends with, and the types that the API tells.

use testkit::GraphqlSite;

use crate::program::Program;

fn shop(site: &GraphqlSite, ty: &str) -> Program {
    Program::with(&format!(
        r#"stepgate: 1
connector: shop
kind: graphql
base_url: {}
auth_flow:
  steps:
    - {{ id: login, kind: graphql_request, query: "mutation ($password: String!) {{ login(password: $password) {{ token }} }}", variables: {{ password: open }} }}
sign_in: {{ kind: bearer, token: "{{{{login.body.data.login.token}}}}" }}
test_api: {{ name: Me, request: {{ graphql: {{ query: "{{ me }}" }} }} }}
endpoints:
  - {{ name: items, request: {{ graphql: {{ query: "query ($order: {ty}, $name: String) {{ items(order: $order, name: $name) }}" }} }} }}
  - {{ name: broken, request: {{ graphql: {{ query: "{{ fail }}" }} }} }}
"#,
        site.url()
    ))
}

#[test]
fn a_reply_of_200_with_errors_ends_as_one_that_was_not_expected() {
    let site = GraphqlSite::start();
    let program = shop(&site, "Order");
    let items = program.run(&["call", "FILE", "items", "--parameter", "order=NEWEST"]);
    assert_eq!(items.status, 0, "{items:?}");
    assert!(
        items.out.contains(r#""variables":{"order":"NEWEST"}"#),
        "{items:?}"
    );
    let broken = program.run(&["call", "FILE", "broken"]);
    assert_eq!(broken.status, 1, "{broken:?}");
    assert!(broken.out.contains(r#""data":{"other":1}"#), "{broken:?}");
    assert!(broken.err.contains("One part failed."), "{broken:?}");
    let unknown = program.run(&["call", "FILE", "items", "--parameter", "color=red"]);
    assert_eq!(unknown.status, 2, "{unknown:?}");
}

#[test]
fn a_test_holds_the_operations_against_the_types_that_the_api_tells() {
    let site = GraphqlSite::start();
    let fits = shop(&site, "Order").run(&["test", "FILE"]);
    assert_eq!(fits.status, 0, "{fits:?}");
    assert!(fits.out.contains("3 operations fit"), "{fits:?}");
    let program = shop(&site, "Ordre");
    let differs = program.run(&["test", "FILE"]);
    assert_eq!(differs.status, 2, "{differs:?}");
    assert!(differs.out.contains("Did you mean `Order`?"), "{differs:?}");
    site.hide_types();
    let hidden = program.run(&["test", "FILE"]);
    assert_eq!(hidden.status, 0, "{hidden:?}");
    assert!(hidden.out.contains("does not tell them"), "{hidden:?}");
}
