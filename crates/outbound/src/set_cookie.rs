//! One `Set-Cookie` header: read by RFC 6265bis 5.6, and judged by 5.7 before a jar takes it.

use url::{Host, Url};

use crate::cookie_date;

/// Bytes of name and value together (RFC 6265bis 5.7).
const LARGEST_PAIR: usize = 4096;
/// Bytes of an attribute's value; longer ones count as not said (5.6).
const LARGEST_ATTRIBUTE: usize = 1024;
/// No cookie lives longer (5.6.1).
const LONGEST_LIFE: i64 = 400 * 86_400;

/// A cookie that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) domain: String,
    pub(crate) host_only: bool,
    pub(crate) path: String,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<SameSite>,
    /// Seconds since 1970; `None` ends with the session, which here is the connection.
    pub(crate) expires: Option<i64>,
}

/// Kept as it was said. It tells browsers about pages; nothing here is a page, so it has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SameSite {
    Strict,
    Lax,
    None,
}

/// What the header says, before it is judged. The last of an attribute's mentions counts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said<'a> {
    name: &'a str,
    value: &'a str,
    domain: Option<&'a str>,
    path: Option<&'a str>,
    max_age: Option<i64>,
    expires: Option<i64>,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
}

/// The cookie that a reply from `url` may set by this header, or why it may not.
pub(crate) fn accept(header: &str, url: &Url, now: i64) -> Result<Accepted, &'static str> {
    let said = read(header)?;
    let host = url.host_str().ok_or("the URL has no host")?;
    let (domain, host_only) = domain_of(said.domain, host, is_name(url))?;
    let path = match said.path {
        Some(path) if path.starts_with('/') => path.to_owned(),
        _ => default_path(url.path()).to_owned(),
    };
    if said.secure && !is_trusted(url) {
        return Err("a Secure cookie cannot be set over plain http");
    }
    let prefixed = |prefix: &str| {
        let start = if said.name.is_empty() {
            said.value
        } else {
            said.name
        };
        start
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let secure_prefix = prefixed("__Secure-");
    let host_prefix = prefixed("__Host-");
    if (secure_prefix || host_prefix) && said.name.is_empty() {
        return Err("a cookie without a name begins like one with a guarded name");
    }
    if (secure_prefix || host_prefix) && !said.secure {
        return Err("its name asks for Secure");
    }
    if host_prefix && !(host_only && said.path == Some("/")) {
        return Err("its name asks for Path=/ and no Domain");
    }
    let expires = match (said.max_age, said.expires) {
        (Some(age), _) if age <= 0 => Some(i64::MIN),
        (Some(age), _) => Some(now.saturating_add(age.min(LONGEST_LIFE))),
        (None, Some(at)) => Some(at.min(now.saturating_add(LONGEST_LIFE))),
        (None, None) => None,
    };
    Ok(Accepted {
        name: said.name.to_owned(),
        value: said.value.to_owned(),
        domain,
        host_only,
        path,
        secure: said.secure,
        http_only: said.http_only,
        same_site: said.same_site,
        expires,
    })
}

/// Whether Secure cookies may come from and go to this URL: it is https, or this very machine.
/// RFC 6265bis leaves the latter to the client and names localhost; browsers and curl do so.
pub(crate) fn is_trusted(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

/// RFC 6265bis 5.1.3, for a host that is a name.
pub(crate) fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain
        || host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// RFC 6265bis 5.1.4.
pub(crate) fn path_matches(request: &str, cookie: &str) -> bool {
    request
        .strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

pub(crate) fn is_name(url: &Url) -> bool {
    matches!(url.host(), Some(Host::Domain(_)))
}

fn read(header: &str) -> Result<Said<'_>, &'static str> {
    if header
        .bytes()
        .any(|byte| byte.is_ascii_control() && byte != b'\t')
    {
        return Err("it has a control character");
    }
    let (pair, attributes) = header.split_once(';').unwrap_or((header, ""));
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let (name, value) = (trim(name), trim(value));
    if name.is_empty() && value.is_empty() {
        return Err("it has neither name nor value");
    }
    if name.len() + value.len() > LARGEST_PAIR {
        return Err("it is larger than 4096 bytes");
    }
    let mut said = Said {
        name,
        value,
        ..Said::default()
    };
    for attribute in attributes.split(';') {
        let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let (key, value) = (trim(key), trim(value));
        if value.len() > LARGEST_ATTRIBUTE {
            continue;
        }
        match key.to_ascii_lowercase().as_str() {
            "expires" => said.expires = cookie_date::parse(value).or(said.expires),
            "max-age" => said.max_age = read_age(value).or(said.max_age),
            "domain" => said.domain = Some(value),
            "path" => said.path = Some(value),
            "secure" => said.secure = true,
            "httponly" => said.http_only = true,
            "samesite" => {
                said.same_site = match value.to_ascii_lowercase().as_str() {
                    "strict" => Some(SameSite::Strict),
                    "lax" => Some(SameSite::Lax),
                    "none" => Some(SameSite::None),
                    _ => None,
                }
            }
            _ => {}
        }
    }
    Ok(said)
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Digits, perhaps after a minus; a number too large to count is as long as can be.
fn read_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let negative = digits.len() < value.len();
    Some(
        value
            .parse()
            .unwrap_or(if negative { i64::MIN } else { i64::MAX }),
    )
}

/// The domain a cookie is for, and whether that host alone.
fn domain_of(
    said: Option<&str>,
    host: &str,
    host_is_name: bool,
) -> Result<(String, bool), &'static str> {
    let alone = || Ok((host.to_owned(), true));
    let Some(said) = said else { return alone() };
    let said = said.strip_prefix('.').unwrap_or(said);
    if said.is_empty() {
        return alone();
    }
    let domain = idna::domain_to_ascii(said).map_err(|_| "its Domain is not a host name")?;
    if domain == host && (!host_is_name || is_public_suffix(host) || host.ends_with('.')) {
        return alone();
    }
    if domain.ends_with('.') || is_public_suffix(&domain) {
        return Err("its Domain is one under which anybody may have a name");
    }
    if host_is_name && domain_matches(host, &domain) {
        Ok((domain, false))
    } else {
        Err("its Domain is not the host's")
    }
}

/// A name that is not in the list, such as `internal`, counts as a suffix where it is the last part.
fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain).is_none_or(|suffix| suffix == domain)
}

/// RFC 6265bis 5.1.4: everything before the last slash.
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(last) => &path[..last],
    }
}

#[cfg(test)]
mod tests;
