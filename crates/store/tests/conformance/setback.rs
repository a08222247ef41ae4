//! Sign-ins that do not work for now: kept by turn, for all processes, as long as they are of use.

use std::time::Duration;

use store::{Digest, SetbackRecord};

use crate::fixture::Backend;

pub(crate) async fn a_setback_is_seen_by_all_until_it_is_cleared_or_over(backend: &impl Backend) {
    let stores = [backend.open(), backend.open()];
    let setback = |turn: &str, content: &str| SetbackRecord {
        turn: turn.to_owned(),
        basis: Digest::of(b"definition"),
        content: content.to_owned(),
        forget_at: backend.hand().unix() + 60,
    };
    assert_eq!(stores[0].setback("a").await.unwrap(), None);
    assert!(!stores[0].clear_setback("a").await.unwrap());
    for content in ["first", "second"] {
        let kept = setback("a", content);
        stores[0].put_setback(kept.clone()).await.unwrap();
        assert_eq!(stores[1].setback("a").await.unwrap(), Some(kept));
    }
    assert_eq!(stores[1].setback("b").await.unwrap(), None);
    assert!(stores[1].clear_setback("a").await.unwrap());
    assert_eq!(stores[0].setback("a").await.unwrap(), None);

    stores[0].put_setback(setback("a", "third")).await.unwrap();
    backend.hand().advance(Duration::from_secs(60));
    assert_eq!(stores[0].setback("a").await.unwrap(), None);
    assert!(!stores[0].clear_setback("a").await.unwrap());
}
