//! What a browser keeps, sealed.

use store::{BlobLabel, BlobPlace, StoreError};

use crate::fixture::{Backend, bytes, text};

const PLACE: BlobPlace<'static> = BlobPlace {
    app: "shop",
    user: "u1",
    connector: "wiki",
    connection: "c_abc",
    version: 3,
};

pub(crate) async fn a_blob_opens_where_it_was_sealed_for(backend: &impl Backend) {
    let (store, other) = (backend.open(), backend.open());
    let blob = store.seal_blob(PLACE, &bytes("credential")).unwrap();
    assert!(
        blob.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)),
        "{blob}"
    );
    let label = BlobLabel {
        connection: "c_abc".to_owned(),
        version: 3,
    };
    assert_eq!(BlobLabel::read(&blob), Some(label));
    // A key that another process made in the meantime is looked for.
    other.rotate_data_key().await.unwrap();
    let newer = other.seal_blob(PLACE, &bytes("newer")).unwrap();
    for (blob, content) in [(&blob, "credential"), (&newer, "newer")] {
        for store in [&store, &other] {
            let opened = store.open_blob(PLACE, blob).await.unwrap();
            assert_eq!(text(&opened), content);
        }
    }
    let again = store.seal_blob(PLACE, &bytes("credential")).unwrap();
    assert_ne!(again, blob);
}

pub(crate) async fn attack_58_a_blob_opens_nowhere_else(backend: &impl Backend) {
    let store = backend.open();
    let blob = store.seal_blob(PLACE, &bytes("credential")).unwrap();
    let elsewhere = [
        BlobPlace {
            app: "other",
            ..PLACE
        },
        BlobPlace {
            user: "u2",
            ..PLACE
        },
        BlobPlace {
            connector: "mail",
            ..PLACE
        },
        BlobPlace {
            connection: "c_abd",
            ..PLACE
        },
        BlobPlace {
            version: 4,
            ..PLACE
        },
        // The same letters, cut elsewhere.
        BlobPlace {
            app: "shopu",
            user: "1",
            ..PLACE
        },
        BlobPlace {
            app: "shop/u1",
            user: "",
            ..PLACE
        },
        BlobPlace {
            app: "u1",
            user: "shop",
            ..PLACE
        },
    ];
    let sealed = blob.rsplit_once('.').unwrap().1;
    for place in elsewhere {
        let opened = store.open_blob(place, &blob).await;
        assert!(
            matches!(opened, Err(StoreError::BlobRefused)),
            "{place:?} {opened:?}"
        );
        // Nor where its label is made to say so.
        let relabelled = format!("sb1.{}.{}.{sealed}", place.connection, place.version);
        let opened = store.open_blob(place, &relabelled).await;
        assert!(
            matches!(opened, Err(StoreError::BlobRefused)),
            "{place:?} {opened:?}"
        );
    }
}

pub(crate) async fn attack_58_an_altered_blob_opens_nowhere(backend: &impl Backend) {
    let store = backend.open();
    let blob = store.seal_blob(PLACE, &bytes("credential")).unwrap();
    for index in 0..blob.len() {
        let mut altered = blob.clone().into_bytes();
        altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        let opened = store.open_blob(PLACE, &altered).await;
        assert!(matches!(opened, Err(StoreError::BlobRefused)), "{index}");
        let opened = store.open_blob(PLACE, &blob[..index]).await;
        assert!(matches!(opened, Err(StoreError::BlobRefused)), "{index}");
    }
    for text in ["", ".", "sb1...", "sb1.c_abc.3.", "sb1.c_abc.-3.AAAA"] {
        let opened = store.open_blob(PLACE, text).await;
        assert!(matches!(opened, Err(StoreError::BlobRefused)), "{text}");
    }
    let (longer, extra) = (format!("{blob}A"), format!("{blob}.x"));
    for text in [longer, extra] {
        assert!(store.open_blob(PLACE, &text).await.is_err(), "{text}");
    }
}
