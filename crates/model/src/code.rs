//! Every code a problem can have: one list for the reader, the reference and the tests.

use crate::problem::Severity;

/// Who can tell that a definition has this problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The reader of the text, before there is any value.
    Text,
    /// The shape, and so the JSON Schema too.
    Shape,
    /// Only the check of what the definition means; the JSON Schema cannot express it.
    Meaning,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $rule:ident $what:literal $help:literal;)*) => {
        /// What a problem is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $what] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether a definition with it can be used.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Who can tell.
            #[must_use]
            pub const fn rule(self) -> Rule {
                match self { $(Self::$variant => Rule::$rule,)* }
            }

            /// What is wrong, in general.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }

            /// What to do, in general.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }
        }
    };
}

codes! {
    TooLarge "too_large" Error Text "The definition is larger than 1 MiB." "Take out what is not part of it.";
    YamlSyntax "yaml_syntax" Error Text "The text is neither YAML nor JSON." "Look at indentation, quotes and brackets; quote a value that begins with `{{`.";
    YamlTag "yaml_tag" Error Text "A YAML tag other than the core schema's." "Remove the tag.";
    MergeKey "merge_key" Error Text "A merge key (`<<`), which YAML 1.2 does not have." "Write the keys out, or use an alias for a whole value.";
    SeveralDocuments "several_documents" Error Text "More than one YAML document in the file." "Keep one definition per file.";
    DuplicateKey "duplicate_key" Error Text "A key stands twice in one map." "Remove one of the two.";
    TooDeep "too_deep" Error Text "Maps and lists nest deeper than 64." "Flatten the value.";
    TooManyNodes "too_many_nodes" Error Text "Aliases unfold to more than 100000 values." "Use fewer aliases.";
    EmptyDefinition "empty_definition" Error Text "The file holds no definition." "Begin with `stepgate: 1`.";

    UnknownKey "unknown_key" Error Shape "A key that does not exist in this place." "Take the nearest name, or remove the key.";
    MissingKey "missing_key" Error Shape "A key that must be there is not." "Add it.";
    MissingOneOf "missing_one_of" Error Shape "None of several keys is there, and one must be." "Add one of them.";
    ConflictingKeys "conflicting_keys" Error Shape "Two keys that exclude each other." "Remove one of them.";
    WrongType "wrong_type" Error Shape "A value of another type than the key takes." "Write the type that the reference names.";
    UnknownValue "unknown_value" Error Shape "A word that is none of those the key takes." "Take one of the words named.";
    UnknownKind "unknown_kind" Error Shape "A step kind or sign-in type that does not exist." "Take the nearest name.";
    UnsupportedVersion "unsupported_version" Error Shape "A version of the format other than 1." "Write `stepgate: 1`.";
    BadName "bad_name" Error Shape "A name with characters that names do not have here." "Keep to the characters named.";
    BadDuration "bad_duration" Error Shape "A duration that cannot be read." "Write seconds, or a number with `ms`, `s`, `m`, `h` or `d`: `90m`.";
    BadUrl "bad_url" Error Shape "An address of a connector that is not http or https, or holds more than it may." "Write `https://`, a host, and for a base URL a path.";
    OutOfRange "out_of_range" Error Shape "A number outside its range." "Keep within the range named.";
    EmptyList "empty_list" Error Shape "A list without an item, where one is needed." "Add an item, or remove the key.";
    TwoBodies "two_bodies" Error Shape "A request with more than one body." "Keep one of `json`, `form`, `multipart`, `text`, `graphql`.";
    TwoTests "two_tests" Error Shape "A condition with more than one test." "Make a list of conditions: all of them must hold.";
    NoTest "no_test" Error Shape "A condition without a test." "Add one of `equals`, `not_equals`, `in`, `matches`, `exists`, `less_than`, `greater_than`.";
    SharedInBrowser "shared_in_browser" Error Shape "A shared connection cannot be kept in one person's browser." "Write `keep_in: server`, or `owner: user`.";
    SameWithSteps "same_with_steps" Error Shape "`same_as_auth_flow: true` together with steps or updates of its own." "Keep one of the two ways.";

    TooLong "too_long" Error Meaning "A duration of more than ten years." "Write a shorter one.";
    TooShort "too_short" Error Meaning "A duration of nothing where something must happen in it." "Write at least `1ms`.";
    BadMethod "bad_method" Error Meaning "A method that is never sent: CONNECT, TRACE or TRACK." "Take `GET`, `POST` or another one.";
    BadHeader "bad_header" Error Meaning "A header value with a line break or another control character." "Write the value in one line; a block scalar (`|`) ends in a line break.";
    BadLife "bad_life" Error Meaning "A fixed `expires_in` that is no duration." "Write seconds, a duration such as `90m`, or a template.";
    BadAddress "bad_address" Error Meaning "A URL that is not http or https, or cannot be read." "Begin with `{{base_url}}`, or write the whole address.";
    HostExtended "host_extended" Error Meaning "Text right after `{{base_url}}` that would change its host." "Put a `/` after `{{base_url}}`.";
    ReservedName "reserved_name" Error Meaning "A name that means something else already." "Take another name.";
    DuplicateId "duplicate_id" Error Meaning "An id, key or name that is taken." "Rename one of the two.";
    BadTemplate "bad_template" Error Meaning "A template that cannot be read." "Write `{{step.path}}`, with a filter after `|` where one is needed.";
    BadFilter "bad_filter" Error Meaning "A filter that does not exist, or takes other arguments." "Take one of the filters of this page.";
    TemplateNotHere "template_not_here" Error Meaning "A template where the value must be fixed." "Write the value itself.";
    UnknownName "unknown_name" Error Meaning "A template begins with a name that no earlier step and nothing else has." "Take the nearest name.";
    LaterStep "later_step" Error Meaning "A template reads a step that has not run there." "Move the step up, or read another one.";
    OtherFlow "other_flow" Error Meaning "A template reads a step of a flow that has not run there." "Copy the value with `update_variables`.";
    UnknownOutput "unknown_output" Error Meaning "A template reads an output that its step never has." "Take the nearest name.";
    UnknownVariable "unknown_variable" Error Meaning "A template reads a variable that is not declared." "Declare it under `variables`.";
    UnknownSecret "unknown_secret" Error Meaning "A template reads a secret that is not declared." "Add its name to `secrets`.";
    UnknownParameter "unknown_parameter" Error Meaning "A template reads a parameter that is not declared." "Declare it under the endpoint's `parameters`.";
    NotAvailableHere "not_available_here" Error Meaning "A template reads something that does not exist in this place." "Read it where it exists, as the reference's table of roots says.";
    NeedsPerson "needs_person" Error Meaning "A step of a refresh or logout flow needs a person, and nobody is there." "Move the step to the auth flow.";
    BadBackTo "bad_back_to" Error Meaning "`on_fail.back_to` names no earlier form of the flow." "Name the form to which the person returns.";
    BadResend "bad_resend" Error Meaning "`resend` names no earlier step of the flow, or one after which a person is needed." "Name the step that sends the code, and put what needs a person before it.";
    BadOf "bad_of" Error Meaning "`of` names no OAuth 2 step of the auth flow." "Name the step whose token is renewed.";
    NoClientKey "no_client_key" Error Meaning "A client that is to prove itself with `private_key_jwt`, and no key for it." "Add `client_key`, for example `client_key: \"{{secrets.client_key}}\"`.";
    NoClientCertificate "no_client_certificate" Error Meaning "A client that is to prove itself with `tls_client_auth`, and no certificate or no key for it." "Add `client_certificate` and `client_key`, both PEM from secrets, or `client_certificate` of the whole connector.";
    NoUrl "no_url" Error Meaning "A request without an address, where none goes without saying." "Add `url`, or make the connector `kind: graphql`.";
    NotAnOperation "not_an_operation" Error Meaning "An endpoint of a GraphQL connector that is no operation at `base_url`." "Write `graphql: { query: .. }` without `url`, or make the connector `kind: rest`.";
    BadGraphql "bad_graphql" Error Meaning "A GraphQL text that cannot be read." "Mend it where the message points.";
    BadOperation "bad_operation" Error Meaning "An operation that the text does not have, or that cannot be sent." "Name one of the operations of the text in `operation_name`.";
    BadVariable "bad_variable" Error Meaning "Variables that do not fit what the operation takes." "Give each variable that the operation declares, and no other.";
    BadTarget "bad_target" Error Meaning "An update variable that names no output of the auth flow." "Name a step of the auth flow and an output: `shape.bearer`.";
    BadRegex "bad_regex" Error Meaning "A regular expression that cannot be read." "Mend it where the message points; look-around and back references do not exist.";
    BadJsonPath "bad_json_path" Error Meaning "A JSONPath that cannot be read." "Write it as RFC 9535 has it: `$.items[0].id`.";
    BadCss "bad_css" Error Meaning "A CSS selector that cannot be read." "Write a selector such as `input[name=csrf]`.";
    BadDefault "bad_default" Error Meaning "A default that the parameter or field would not take." "Write a default of the declared type.";
    BadLength "bad_length" Error Meaning "A length that no answer can have." "Give `min_length` and `max_length` to what is typed as text, the smaller first.";
    BadImage "bad_image" Error Meaning "An image that cannot be shown." "Write the bytes of a PNG, JPEG, GIF or WebP image in base64, or a template that yields them.";
    NoOptions "no_options" Error Meaning "A choice without options, or options without a choice." "Give `options` to fields of type `choice`, and only to those.";
    BadLocation "bad_location" Error Meaning "A header name or place that cannot be sent." "Take a header name of letters, digits and `-`.";
    EmptyRefresh "empty_refresh" Error Meaning "A refresh flow that does nothing." "Write `same_as_auth_flow: true`, or steps.";
    UnknownEnvironment "unknown_environment" Error Meaning "The environment that was asked for is not declared." "Declare it under `environments`.";
    BadOverride "bad_override" Error Meaning "A value set from outside that the definition does not have." "Set `base_url`, or `variables.NAME` of a declared variable.";

    PlainChallenge "plain_challenge" Warning Meaning "PKCE with `plain` protects nothing from whoever sees the first request." "Use `S256` unless the server knows nothing better.";
    NotEncrypted "not_encrypted" Warning Meaning "Credentials go to an address that is not encrypted." "Use `https://`.";
    TokenNotSent "token_not_sent" Warning Meaning "A sign-in whose result no call uses." "Add a request parameter such as `Authorization: Bearer {{login.body.token}}`, or `cookies.forward_all: true`.";
    BoundAsBearer "bound_as_bearer" Warning Meaning "A token that is bound to a key (`dpop: true`) goes as a bearer token, which its API refuses." "Write `Authorization: DPoP {{login.access_token}}`.";
    RefreshChangesNothing "refresh_changes_nothing" Warning Meaning "A refresh flow after which every call would send the same as before." "Add `update_variables` for what the calls send.";
    PasswordInUrl "password_in_url" Warning Meaning "A typed password would stand in a URL, where logs keep it." "Send it in the body or in a header.";
    SecretShown "secret_shown" Warning Meaning "A password or secret would be shown to a person." "Take it out of the text.";
    NeverKept "never_kept" Warning Meaning "Something outside the auth flow reads a form field that is never stored." "Read something else: a code for one use cannot be used again.";
    UnusedSecret "unused_secret" Warning Meaning "A declared secret that nothing reads." "Remove it, or read it as `{{secrets.NAME}}`.";
    UnusedVariable "unused_variable" Warning Meaning "A declared variable that nothing reads." "Remove it, or read it as `{{variables.NAME}}`.";
    UnusedParameter "unused_parameter" Warning Meaning "A declared parameter that the endpoint does not use." "Remove it, or read it as `{{parameters.NAME}}`.";
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_say_something() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.what().ends_with('.') && code.help().ends_with('.'));
        }
    }
}
