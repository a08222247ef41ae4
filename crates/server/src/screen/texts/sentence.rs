//! What Stepgate itself says to a person, in German: by kind, so that none can be forgotten and no word of the English
//! matters. What an API, a definition or an error says in detail stays as it is.

use model::Said;

/// One of ours in German.
pub(super) fn german(said: &Said) -> String {
    let fixed = match said {
        Said::Needed => "Das wird gebraucht.",
        Said::NotOffered => "Wähle eine der Möglichkeiten.",
        Said::WrongForm => "Das hat nicht die richtige Form.",
        Said::NotAnEmailAddress => "Das ist keine E-Mail-Adresse.",
        Said::NotANumber => "Das ist keine Zahl.",
        Said::TooShort { least } => return format!("Das hat weniger als {least} Zeichen."),
        Said::TooLong { most } => return format!("Das hat mehr als {most} Zeichen."),
        Said::SentAgain => "Noch einmal gesendet.",
        Said::NotSentAgain { why } => {
            let why = super::GERMAN.of(why);
            return format!("Es ließ sich nicht noch einmal senden. {why}");
        }
        Said::RanOut => "Das hat zu lange gedauert. Lass es noch einmal senden.",
        Said::Expired { .. } => "Das hat zu lange gedauert.",
        Said::PersonNeeded => "Ohne dich geht es nicht weiter.",
        Said::RedirectOfNone { .. } => {
            "Diese Rückkehr wurde nicht angenommen: Sie nennt keine Anmeldung."
        }
        Said::RedirectOfAnother => {
            "Diese Rückkehr wurde nicht angenommen: Sie gehört zu einer anderen Anmeldung oder zu einer, die vorbei ist."
        }
        Said::RedirectTwice => {
            "Diese Rückkehr wurde nicht angenommen: Sie nennt mehr als eine Anmeldung."
        }
        Said::RefusedByStatus { status } => {
            return format!("Das wurde abgelehnt (Status {status}).");
        }
        Said::RefusedByStatusSaying { status, why } => {
            return format!("Das wurde abgelehnt (Status {status}): {why}");
        }
        Said::Refused { why } => return format!("Das wurde abgelehnt: {why}"),
        Said::RefusedWithCode { why, code } => {
            return format!("Das wurde abgelehnt: {why} ({code})");
        }
        Said::RefusedWithoutWords => "Das wurde abgelehnt, ohne Begründung.",
        Said::Declined => "Die Anmeldung wurde dort abgelehnt.",
        Said::NotAsExpected {
            status: Some(status),
            ..
        } => return format!("Die Antwort war nicht, wie sie sein sollte (Status {status})."),
        Said::NotAsExpected { status: None, .. } => "Das Ergebnis war nicht, wie es sein sollte.",
        Said::NotHappened { seconds } => {
            return format!("Worauf gewartet wurde, geschah nicht innerhalb von {seconds} s.");
        }
        Said::RefusedByTheClock {
            refusal,
            difference,
        } => {
            let refusal = super::GERMAN.of(refusal);
            let stop = match refusal.ends_with(['.', '!', '?']) {
                true => "",
                false => ".",
            };
            return format!("{refusal}{stop} {difference}");
        }
        Said::CallbackTwice { parameter } => {
            return format!("Beim Zurückkommen war `{parameter}` mehr als einmal dabei.");
        }
        Said::CallbackWithout { parameter } => {
            return format!("Beim Zurückkommen hat `{parameter}` gefehlt.");
        }
        Said::OtherIssuer => {
            "Der Browser kam von woanders zurück, als er hingeschickt wurde, oder von jemandem, der sich nicht nennt."
        }
        Said::OtherToken => {
            "Der Browser kam mit einem `oauth_token` zurück, das zu einer anderen Anmeldung gehört."
        }
        Said::ParametersRefused { why } => {
            return format!("Die Angaben zur Anmeldung wurden nicht angenommen: {why}");
        }
        Said::NoCode { why } => return format!("Es kam kein Code: {why}"),
        Said::CodeRanOut { .. } => "Der Code galt nicht mehr, bevor er eingegeben wurde.",
        Said::NoRefreshToken => "Diese Sitzung lässt sich nicht erneuern.",
        Said::AddressesChanged => "Die Adresse hat sich seit der Anmeldung geändert.",
        Said::PasswordRefused => "Benutzername und Passwort wurden abgelehnt.",
        Said::Moved => "Die Adresse hat sich geändert.",
        Said::NotRenewable => "Diese Sitzung lässt sich ohne dich nicht erneuern.",
        Said::UserNameUnusable { why } => {
            return format!("Dieser Benutzername lässt sich nicht senden: {why}");
        }
        Said::TotpSecretUnusable { why, .. } => {
            return format!("Mit diesem Geheimnis lassen sich keine Codes berechnen: {why}.");
        }
        Said::NotRevoked { status } => return format!("Es kam Status {status} zurück."),
        Said::NoSingleSignOn => "Du hast dich nicht per Single Sign-on angemeldet.",
        Said::SingleSignOnOver { why } => {
            return format!("Dein Single Sign-on ist vorbei und ließ sich nicht erneuern: {why}.");
        }
        Said::NothingToExchange => {
            "Dein Single Sign-on hat nichts gebracht, was sich umtauschen ließe."
        }
        Said::StartAgain => "Beginne von vorn.",
        Said::StartAgainForACode => "Beginne von vorn, dann kommt ein neuer.",
        Said::StartAgainNothingSent => "Es wurde nichts gesendet. Beginne von vorn.",
        Said::StartAgainInItsWindow => {
            "Es wurde nichts gesendet. Beginne von vorn und mach in dem Fenster weiter, das sich dann öffnet."
        }
        Said::MixedUp => {
            "Es wurde nichts gesendet. Vielleicht versucht jemand, Anmeldungen zu vertauschen."
        }
        Said::SignInAgain => "Melde dich neu an.",
        Said::SignInAgainAtTheAddress => {
            "Melde dich neu an: Deine Anmeldung wird nie an eine neue Adresse geschickt."
        }
        Said::SignInAgainForRefreshTokens => {
            "Melde dich neu an. Vielleicht fehlt der Anmeldung ein Recht wie `offline_access`."
        }
        Said::HtmlPage => "Es kam eine HTML-Seite, wo JSON erwartet wurde.",
        Said::WithoutVerifier => {
            "Ohne das könnte jeder zugestimmt haben. Vielleicht wurde dort abgelehnt."
        }
        Said::TotpSecretForm => {
            "Gebraucht werden die Buchstaben A bis Z und die Ziffern 2 bis 7, die beim Einrichten der Authenticator-App gezeigt werden, oder die ganze Adresse `otpauth://totp/…`."
        }
        Said::SingleSignOnFirst => "Melde dich zuerst per Single Sign-on an.",
        Said::SingleSignOnAgain => "Melde dich noch einmal per Single Sign-on an.",
        Said::ForeignForm => {
            "Dieses Formular kam nicht von einer Seite von uns in diesem Browser, oder es ist zu alt."
        }
        Said::LoadAgain => {
            "Geh zurück, lade die Seite neu und sende das Formular noch einmal. Cookies müssen erlaubt sein."
        }
        Said::NoSuch { what } => match what.as_str() {
            "page" => "Diese Seite gibt es nicht.",
            "app" => "Diese App gibt es nicht.",
            "connector" => "Diesen Connector gibt es nicht.",
            _ => "Das gibt es nicht.",
        },
    };
    fixed.to_owned()
}
