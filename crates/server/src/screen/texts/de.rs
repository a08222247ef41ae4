//! German.

use super::{Texts, sentence};

/// The pages in German.
pub(crate) const GERMAN: Texts = Texts {
    name: "Deutsch",
    direction: "ltr",
    language: "Sprache",
    said: sentence::german,

    your_accounts: "Deine Konten",
    nothing_to_sign_in: "Hier gibt es nichts anzumelden.",
    all_ready: "Nichts zu tun. Du bist überall angemeldet, wo es nötig ist.",
    ready_of: |ready, all| format!("{ready} von {all} bereit"),
    continue_to: |app| format!("Weiter zu {app}"),
    back_to: |app| format!("Zurück zu {app}"),
    shared_title: "Nichts zu tun",
    shared_by: |app| format!("{app} ist für alle angemeldet."),
    by_itself: "Es meldet sich von selbst an, wenn es gebraucht wird.",
    signed_in: "Angemeldet",
    not_signed_in: "Nicht angemeldet",
    signed_out: "Abgemeldet",
    sign_in: "Anmelden",
    sign_in_again: "Neu anmelden",
    more: "Mehr",
    more_for: |account| format!("Mehr zu {account}"),
    switch_account: "Konto wechseln",
    sign_out: "Abmelden",
    sign_out_means: |title| format!("Beendet die Sitzung auch bei {title}."),
    clear: "Hier vergessen",
    clear_means: |title| format!("{title} erfährt davon nichts."),
    add_account: "Weiteres Konto hinzufügen",
    account_name: "Name für das Konto",
    account_name_help: "Damit du es unterscheiden kannst, etwa Arbeit oder privat.",

    why: "Warum bin ich abgemeldet?",
    why_refused: |title| format!("{title} nimmt deine Anmeldung nicht mehr an."),
    why_answer: |title| {
        format!("{title} fragt nach etwas, das nicht aufbewahrt wird, etwa einem Code.")
    },
    why_moved: |title| {
        format!("{title} hat eine neue Adresse. Deine Anmeldung wird nicht dorthin geschickt.")
    },
    since: "Seit",
    what_to_do: "Was hilft",
    what_to_do_sign_in: |title| {
        format!("Melde dich neu an. Was du bei {title} hast, bleibt, wie es ist.")
    },
    details: "Einzelheiten",
    reference: "Kennung",

    signing_in_to: |title| format!("Anmeldung bei {title}"),
    goes_on_by_itself: "Diese Seite geht von selbst weiter.",
    check_again: "Noch einmal nachsehen",
    wants_to_know: |app| format!("{app} möchte wissen, wer du bist."),
    sign_in_at: |title| format!("Bei {title} anmelden"),
    you_go_on_at: |host| format!("Es geht bei {host} weiter, danach kommst du hierher zurück."),
    next: "Weiter",
    cancel: "Abbrechen",
    close: "Schließen",
    optional: "(freiwillig)",
    choose_one: "Wähle aus",
    show_password: "Passwort zeigen",
    hide_password: "Passwort verbergen",
    tries_left: |left| match left {
        1 => "Du hast noch einen Versuch.".to_owned(),
        left => format!("Du hast noch {left} Versuche."),
    },
    time_until: "Zeit bis",
    with_a_code: |title| format!("Mit einem Code bei {title} anmelden"),
    enter_code_at: "Öffne diese Adresse in einem Browser, hier oder am Telefon, und gib den Code ein:",
    qr_for: |address| format!("QR-Code für {address}"),
    time_left: |seconds| match seconds {
        1 => "Du hast dafür noch eine Sekunde.".to_owned(),
        2..120 => format!("Du hast dafür {seconds} Sekunden."),
        _ => format!("Du hast dafür {} Minuten.", seconds / 60),
    },
    send_again: "Noch einmal senden",
    not_again: "Es lässt sich nicht noch einmal senden.",
    image: "Bild",
    qr: "QR-Code",
    as_text: "Als Text zeigen",
    another_account: "Ein anderes Konto",
    signed_in_as: |account| format!("Du hast dich als {account} angemeldet."),
    before_it_was: |account| format!("Vorher war es {account}."),
    keep_account: |account| format!("{account} behalten"),
    go_back: "Zurück",
    signed_in_to: |title| format!("Bei {title} angemeldet"),
    confirmed: "Bestätigt",
    not_signed_in_to: |title| format!("Nicht bei {title} angemeldet"),
    not_set_up: |app| {
        format!(
            "Diese Anmeldung ist nicht richtig eingerichtet. Sag denen Bescheid, die {app} betreiben."
        )
    },
    no_answer: |title| format!("{title} hat nicht so geantwortet, wie es sollte."),
    our_fault: "Hier ist etwas schiefgegangen, und nicht durch dich.",
    kept_try_later: "Was vorher gespeichert war, bleibt. Versuch es gleich noch einmal.",
    took_too_long: "Das hat zu lange gedauert",
    nothing_changed: "Es wurde nichts geändert.",
    try_again: "Noch einmal versuchen",
    back: "Zurück",
    go_on: "Weiter",

    one_moment: "Einen Moment",
    go_on_in_window: |title| {
        format!(
            "Melde dich bei {title} in dem Fenster an, das sich geöffnet hat. Diese Seite geht von selbst weiter."
        )
    },
    window_blocked: "Dein Browser hat das Anmeldefenster blockiert. Öffne es noch einmal oder mach in diesem Tab weiter.",
    window_closed: "Das Fenster wurde geschlossen. Wenn du dort fertig bist, geht es hier gleich weiter.",
    open_window: "Fenster öffnen",
    open_again: "Noch einmal öffnen",
    use_this_tab: "In diesem Tab weiter",
    copy_link: "Link kopieren",
    link_copied: "Link kopiert. Öffne ihn in deinem Browser.",
    open_in_browser: "Diese App zeigt Seiten in einem eigenen Fenster, in dem viele Seiten keine Anmeldung zulassen. Öffne den Link in deinem Browser.",
    close_this_window: "Du kannst dieses Fenster schließen.",
    window_closes: "Dieses Fenster schließt sich von selbst.",
    discard: "Eingaben verwerfen?",
    discard_yes: "Verwerfen",
    discard_no: "Weiter tippen",
    offline: "Keine Antwort von hier. Prüfe deine Verbindung und versuch es noch einmal.",

    continue_as: |user| format!("Weiter als {user}"),
    continue_as_question: |user| format!("Weiter als {user}?"),
    about_to: |app, user, title| match title {
        Some(title) => format!("Du verbindest ein Konto bei {title} mit {app}, wo du {user} bist."),
        None => format!("Du verbindest ein Konto mit {app}, wo du {user} bist."),
    },
    sent_to_you: "Hat dir jemand diesen Link geschickt? Dann könnte diese Person das Konto benutzen: Schließ diese Seite.",
    going_on: "Weiter zur Anmeldung",
    signed_in_already: "Du bist schon angemeldet und kannst dieses Fenster schließen.",
    goes_on_elsewhere: "Diese Anmeldung geht dort weiter, wo sie begonnen wurde.",
    over_start_another: "Diese Anmeldung ist vorbei. Beginne dort eine neue, wo du begonnen hast.",
    go_back_to: |app| format!("Geh zurück zu {app}: Dort geht es weiter."),
    go_back_to_start: "Geh dorthin zurück, wo du begonnen hast: Dort geht es weiter.",
    link_ended: "Dieser Link gilt nicht mehr",
    ask_for_link: |app| format!("Lass dir von {app} einen neuen Link geben."),
    nobody_here: "Du bist hier nicht angemeldet, oder nicht mehr.",
    link_forged: "Dieser Link ist keiner von uns oder nicht vollständig.",
    link_old: "Dieser Link ist zu alt: Er gilt 5 Minuten.",
    link_used: "Dieser Link wurde schon benutzt. Er gilt einmal.",
    did_not_work: "Das hat nicht geklappt",
    nothing_here: "Hier ist nichts",
    not_possible: "Das geht nicht",
};
