//! Whether identity providers answer, and are the ones that they should be.

use sso::RelyingParty;
use url::Url;

use super::Finding;

/// Each provider, and whether it admits our own people.
pub async fn single_sign_on(
    parties: &[(&RelyingParty, bool)],
    public_url: Option<&Url>,
) -> Finding {
    let finding = |sound, detail| Finding {
        what: "single sign-on",
        sound,
        detail,
    };
    if parties.is_empty() {
        return finding(true, "none is set".to_owned());
    }
    let mut sound = true;
    let mut lines = Vec::new();
    for (party, admits) in parties {
        let name = &party.provider().name;
        let admits = match admits {
            true => "",
            false => {
                ", and admits none of your own people: set `domains` or `role_claim` if it should"
            }
        };
        let base = public_url.map_or("…/", Url::as_str);
        lines.push(match party.look().await {
            Ok(()) => {
                format!("{name} answers{admits}; register {base}sso/{name}/callback with it")
            }
            Err(error) => {
                sound = false;
                format!("{name}: {error}")
            }
        });
    }
    finding(sound, lines.join("\n    "))
}
