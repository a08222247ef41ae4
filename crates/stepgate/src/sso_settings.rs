//! Identity providers, from the settings file and the environment, which wins. Their secrets come by the environment alone.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use server::{Admission, SsoProvider};
use sso::Provider;
use url::{Host, Url};

use crate::ending::Complaint;
use crate::secrets::{from_environment, shout};
use crate::settings_file::SettingsFile;

/// What all variables about identity providers begin with; then comes the name.
pub(crate) const PREFIX: &str = "STEPGATE_SSO_";

/// Where a variable about an identity provider ends, and that what it sets is a list.
const ENDS: [(&str, bool); 10] = [
    ("_TITLE", false),
    ("_ISSUER", false),
    ("_CLIENT_ID", false),
    ("_CLIENT_SECRET", false),
    ("_SCOPES", true),
    ("_DOMAINS", true),
    ("_ROLE_CLAIM", false),
    ("_ADMINS", true),
    ("_BUILDERS", true),
    ("_LOGIN_CLAIM", false),
];

/// A table `[sso.NAME]` of the settings file; and the same from the environment.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    title: Option<String>,
    issuer: Option<Issuer>,
    client_id: Option<String>,
    scopes: Option<Vec<String>>,
    domains: Option<Vec<String>>,
    role_claim: Option<String>,
    admins: Option<Vec<String>>,
    builders: Option<Vec<String>>,
    login_claim: Option<String>,
}

/// An issuer, to the letter.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
struct Issuer(String);

impl TryFrom<String> for Issuer {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WRONG: &str = "write the issuer's https address as its tokens have it, such as https://id.example.org";
        let url = Url::parse(&text).map_err(|_| WRONG)?;
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(WRONG),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(WRONG),
        }
        match url.query().is_none() && url.fragment().is_none() {
            true => Ok(Self(text)),
            false => Err(WRONG),
        }
    }
}

/// The identity providers, by name.
///
/// # Errors
/// One lacks what it needs, or says what cannot be meant: where.
pub(crate) fn providers(config: Option<&Path>) -> Result<Vec<SsoProvider>, Complaint> {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        name.starts_with(PREFIX)
            .then(|| (name, value.to_string_lossy().into_owned()))
    });
    let file = match config {
        Some(path) => SettingsFile::read(path)?,
        None => SettingsFile::default(),
    };
    let mut found: BTreeMap<String, (Table, String)> = BTreeMap::new();
    for (name, table) in file.sso() {
        let line = file.line_of_sso(name).map(|line| format!(", line {line}"));
        let place = format!(
            "{}{}, [sso.{name}]",
            config.unwrap_or(Path::new("")).display(),
            line.unwrap_or_default()
        );
        found.insert(name.clone(), (table.clone(), place));
    }
    let mut variables: Vec<_> = variables.collect();
    variables.sort();
    for (variable, value) in variables {
        let (name, end, is_list) = parts(&variable)?;
        let (table, _) = found
            .entry(name.clone())
            .or_insert_with(|| (Table::default(), format!("{PREFIX}{}_…", shout(&name))));
        set(table, end, is_list, &value).map_err(|why| complaint(&variable, why))?;
    }
    found
        .into_iter()
        .map(|(name, (table, place))| provider(&name, table, &place))
        .collect()
}

/// The provider's name, and what a variable sets.
fn parts(variable: &str) -> Result<(String, &'static str, bool), Complaint> {
    let rest = variable.strip_prefix(PREFIX).unwrap_or_default();
    let rest = rest.strip_suffix("_FILE").unwrap_or(rest);
    let found = ENDS.iter().find_map(|(end, is_list)| {
        let name = rest.strip_suffix(end)?;
        (!name.is_empty()).then_some((name, *end, *is_list))
    });
    let Some((name, end, is_list)) = found else {
        return Err(complaint(variable, "nothing reads it"));
    };
    Ok((name.to_ascii_lowercase().replace('_', "-"), end, is_list))
}

fn set(table: &mut Table, end: &str, is_list: bool, value: &str) -> Result<(), &'static str> {
    let one = Some(value.to_owned());
    let list = is_list.then(|| {
        let all = value.split([',', ' ']).filter(|one| !one.is_empty());
        all.map(str::to_owned).collect()
    });
    match end {
        "_TITLE" => table.title = one,
        "_ISSUER" => table.issuer = Some(Issuer::try_from(value.to_owned())?),
        "_CLIENT_ID" => table.client_id = one,
        "_SCOPES" => table.scopes = list,
        "_DOMAINS" => table.domains = list,
        "_ROLE_CLAIM" => table.role_claim = one,
        "_ADMINS" => table.admins = list,
        "_BUILDERS" => table.builders = list,
        "_LOGIN_CLAIM" => table.login_claim = one,
        // The secret is read on its own, as it may come by a file.
        _ => {}
    }
    Ok(())
}

fn provider(name: &str, table: Table, place: &str) -> Result<SsoProvider, Complaint> {
    if !is_name(name) {
        return Err(complaint(
            place,
            "a name is at most 32 of a-z, 0-9 and -, and begins with a letter",
        ));
    }
    let missing = |key: &str| complaint(place, &format!("`{key}` is missing"));
    let Issuer(issuer) = table.issuer.ok_or_else(|| missing("issuer"))?;
    let client_id = table.client_id.ok_or_else(|| missing("client_id"))?;
    let variable = format!("{PREFIX}{}_CLIENT_SECRET", shout(name));
    let client_secret =
        from_environment(&variable).map_err(|why| Complaint::usage("secret_unreadable", why))?;
    let admission = Admission {
        domains: table.domains.unwrap_or_default(),
        role_claim: table.role_claim,
        admins: table.admins.unwrap_or_default(),
        builders: table.builders.unwrap_or_default(),
        login_claim: table.login_claim.unwrap_or_else(|| "email".to_owned()),
    };
    let names_roles = !admission.admins.is_empty() || !admission.builders.is_empty();
    if names_roles != admission.role_claim.is_some() {
        return Err(complaint(
            place,
            "`role_claim` and `admins` or `builders`, values of that claim, go together",
        ));
    }
    let scopes = ["email", "profile"].map(str::to_owned).to_vec();
    Ok(SsoProvider {
        provider: Provider {
            name: name.to_owned(),
            title: table.title.unwrap_or_else(|| name.to_owned()),
            issuer,
            client_id,
            client_secret,
            scopes: table.scopes.unwrap_or(scopes),
        },
        admission: Some(admission).filter(Admission::says_who),
    })
}

fn is_name(name: &str) -> bool {
    let mut letters = name.bytes();
    name.len() <= 32
        && letters
            .next()
            .is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn complaint(place: &str, why: &str) -> Complaint {
    Complaint::usage("sso_settings", format!("{place}: {why}"))
        .help("docs/operating.md, “Single sign-on”, lists what can be set")
}

#[cfg(test)]
mod tests {
    use super::{Issuer, Table, parts, provider, set};

    fn table(settings: &[(&str, &str)]) -> Table {
        let mut table = Table::default();
        for (variable, value) in settings {
            let (name, end, is_list) = parts(variable).unwrap();
            assert_eq!(name, "corp-eu");
            set(&mut table, end, is_list, value).unwrap();
        }
        table
    }

    const ISSUER: (&str, &str) = ("STEPGATE_SSO_CORP_EU_ISSUER", "https://id.example.org");
    const CLIENT: (&str, &str) = ("STEPGATE_SSO_CORP_EU_CLIENT_ID", "stepgate");

    #[test]
    fn variables_name_a_provider_and_what_they_set() {
        let table = table(&[
            ISSUER,
            CLIENT,
            ("STEPGATE_SSO_CORP_EU_ROLE_CLAIM", "groups"),
            ("STEPGATE_SSO_CORP_EU_ADMINS", "ops, it"),
        ]);
        let made = provider("corp-eu", table, "here").unwrap();
        assert_eq!(made.provider.issuer, "https://id.example.org");
        assert_eq!(made.provider.title, "corp-eu");
        let admission = made.admission.unwrap();
        assert_eq!(admission.admins, ["ops", "it"]);
        assert_eq!(admission.login_claim, "email");
        for slip in [
            "STEPGATE_SSO_CORP_ISUER",
            "STEPGATE_SSO__ISSUER",
            "STEPGATE_SSO_ISSUER",
        ] {
            let error = parts(slip).unwrap_err();
            assert!(error.message.contains(slip), "{}", error.message);
        }
    }

    #[test]
    fn what_is_missing_or_cannot_be_meant_is_named() {
        let lacks = [
            (vec![CLIENT], "`issuer` is missing"),
            (vec![ISSUER], "`client_id` is missing"),
            (
                vec![ISSUER, CLIENT, ("STEPGATE_SSO_CORP_EU_ADMINS", "ops")],
                "go together",
            ),
            (
                vec![
                    ISSUER,
                    CLIENT,
                    ("STEPGATE_SSO_CORP_EU_ROLE_CLAIM", "groups"),
                ],
                "go together",
            ),
        ];
        for (settings, expected) in lacks {
            let error = provider("corp-eu", table(&settings), "here").unwrap_err();
            assert!(error.message.contains(expected), "{}", error.message);
        }
        let complete = table(&[ISSUER, CLIENT]);
        assert!(provider("Corp", complete.clone(), "here").is_err());
        // Who is admitted was not said: nobody is.
        assert!(
            provider("corp-eu", complete, "here")
                .unwrap()
                .admission
                .is_none()
        );
    }

    #[test]
    fn an_issuer_is_an_address_by_https() {
        for (text, fine) in [
            ("https://id.example.org", true),
            ("https://id.example.org/realms/corp", true),
            ("http://127.0.0.1:4000", true),
            ("http://localhost", true),
            ("http://id.example.org", false),
            ("https://id.example.org/?a=b", false),
            ("id.example.org", false),
            ("", false),
        ] {
            assert_eq!(Issuer::try_from(text.to_owned()).is_ok(), fine, "{text}");
        }
    }
}
