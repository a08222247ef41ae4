//! Connections a page at a time.

use std::time::Duration;

use store::{Cursor, NewConnection, Owners, Page, PageFilter, Store};

use crate::fixture::{Backend, bytes, new_connection};

/// All ids that fit, page by page, through the text of the cursor.
async fn all(store: &Store, filter: PageFilter, limit: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut after = None;
    loop {
        let Page { records, next } = store.list_page(filter.clone(), after, limit).await.unwrap();
        assert!(records.len() <= limit);
        ids.extend(records.into_iter().map(|record| record.id));
        match next {
            Some(next) => after = Some(Cursor::parse(&next.to_string()).unwrap()),
            None => return ids,
        }
    }
}

pub(crate) async fn pages_show_each_that_fits_once(backend: &impl Backend) {
    let store = backend.open();
    let mut made = Vec::new();
    for number in 0..24 {
        let owner = ["shop/u1", "shop/u2", "shop-2/u1", "local"][number % 4];
        let new = NewConnection {
            connector: ["wiki", "mail"][number / 4 % 2].to_owned(),
            environment: (number % 3 == 0).then(|| "staging".to_owned()),
            ..new_connection(owner)
        };
        made.push(store.create(new, bytes("x")).await.unwrap());
        backend
            .hand()
            .advance(Duration::from_secs(number as u64 % 2));
    }
    let mut filters = Vec::new();
    for connector in [None, Some("wiki"), Some("nothing")] {
        for environment in [None, Some(""), Some("staging")] {
            for owners in [
                Owners::All,
                Owners::One("shop/u1".to_owned()),
                Owners::App("shop".to_owned()),
            ] {
                filters.push(PageFilter {
                    connector: connector.map(str::to_owned),
                    environment: environment.map(str::to_owned),
                    owners,
                });
            }
        }
    }
    for filter in filters {
        let mut expected: Vec<_> = made
            .iter()
            .filter(|record| {
                let environment = record.environment.as_deref().unwrap_or_default();
                let connector = filter.connector.as_ref();
                connector.is_none_or(|connector| *connector == record.connector)
                    && filter.environment.as_ref().is_none_or(|e| e == environment)
                    && match &filter.owners {
                        Owners::All => true,
                        Owners::One(owner) => *owner == record.owner,
                        Owners::App(app) => record.owner.starts_with(&format!("{app}/")),
                    }
            })
            .collect();
        expected.sort_by_key(|record| (&record.owner, record.created_at, &record.id));
        let expected: Vec<_> = expected.iter().map(|record| record.id.clone()).collect();
        for limit in [1, 3, 6, 100] {
            let found = all(&store, filter.clone(), limit).await;
            assert_eq!(found, expected, "{filter:?} by {limit}");
        }
    }
}

pub(crate) async fn what_is_deleted_in_between_shifts_nothing(backend: &impl Backend) {
    let store = backend.open();
    for _ in 0..6 {
        store
            .create(new_connection("local"), bytes("x"))
            .await
            .unwrap();
    }
    let ids = all(&store, PageFilter::default(), 100).await;
    let first = store
        .list_page(PageFilter::default(), None, 3)
        .await
        .unwrap();
    // The very one that the cursor stands on.
    store.delete(&ids[2]).await.unwrap();
    let rest = store
        .list_page(PageFilter::default(), first.next, 3)
        .await
        .unwrap();
    let rest: Vec<_> = rest.records.iter().map(|record| &record.id).collect();
    assert_eq!(rest, ids[3..].iter().collect::<Vec<_>>());
    for text in ["", "x", "W10", "e30", "ä", "WyJhIiwiYiIsImMiXQ"] {
        assert_eq!(Cursor::parse(text), None, "{text}");
    }
}
