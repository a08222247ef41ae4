//! One piece of work per key at a time: whoever comes later waits for the one under way and gets its result.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The work under way, by key. An entry lives exactly as long as its work: it goes on every exit path, panic included.
pub(crate) struct Flights<T> {
    under_way: Arc<Mutex<HashMap<String, watch::Receiver<Option<T>>>>>,
}

/// What a comer finds.
pub(crate) enum Boarding<T> {
    /// Nobody is at it: do the work and land.
    Lead(Landing<T>),
    /// Somebody is: wait.
    Wait(Waiting<T>),
}

/// The leader's end; dropping it without a result tells the waiters that none will come.
pub(crate) struct Landing<T> {
    key: String,
    under_way: Arc<Mutex<HashMap<String, watch::Receiver<Option<T>>>>>,
    sender: watch::Sender<Option<T>>,
}

/// A waiter's end.
pub(crate) struct Waiting<T>(watch::Receiver<Option<T>>);

impl<T: Clone> Flights<T> {
    pub(crate) fn new() -> Self {
        Self {
            under_way: Arc::default(),
        }
    }

    /// Joins the work under `key`, or becomes its leader.
    pub(crate) fn board(&self, key: &str) -> Boarding<T> {
        let mut under_way = lock(&self.under_way);
        if let Some(receiver) = under_way.get(key) {
            return Boarding::Wait(Waiting(receiver.clone()));
        }
        let (sender, receiver) = watch::channel(None);
        under_way.insert(key.to_owned(), receiver);
        Boarding::Lead(Landing {
            key: key.to_owned(),
            under_way: self.under_way.clone(),
            sender,
        })
    }

    /// Whether somebody is at it.
    pub(crate) fn is_under_way(&self, key: &str) -> bool {
        lock(&self.under_way).contains_key(key)
    }
}

impl<T> Landing<T> {
    /// A waiter's end for the leader's own caller, who must be able to go away without taking the work along.
    pub(crate) fn watch(&self) -> Waiting<T> {
        Waiting(self.sender.subscribe())
    }

    /// Hands the result to all who wait.
    pub(crate) fn land(self, result: T) {
        // Off the table first: a comer from here on starts anew and reads what this work has stored.
        lock(&self.under_way).remove(&self.key);
        self.sender.send_replace(Some(result));
    }
}

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        let mut under_way = lock(&self.under_way);
        // After `land` the key may already be another leader's.
        if under_way
            .get(&self.key)
            .is_some_and(|receiver| receiver.same_channel(&self.sender.subscribe()))
        {
            under_way.remove(&self.key);
        }
    }
}

impl<T: Clone> Waiting<T> {
    /// The result, or `None` where the leader ended without one.
    pub(crate) async fn result(mut self) -> Option<T> {
        self.0
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|result| result.clone())
    }
}

fn lock<K>(mutex: &Mutex<K>) -> MutexGuard<'_, K> {
    // The table is whole after every statement, so a panic elsewhere leaves it usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{Boarding, Flights};

    #[tokio::test]
    async fn all_who_come_meanwhile_get_the_one_result() {
        let flights = Flights::<u32>::new();
        let Boarding::Lead(landing) = flights.board("a") else {
            panic!("the first leads")
        };
        let waiting: Vec<_> = (0..3)
            .map(|_| match flights.board("a") {
                Boarding::Wait(waiting) => waiting,
                Boarding::Lead(_) => panic!("one leader at a time"),
            })
            .collect();
        assert!(matches!(flights.board("b"), Boarding::Lead(_)));
        landing.land(7);
        for one in waiting {
            assert_eq!(one.result().await, Some(7));
        }
        assert!(matches!(flights.board("a"), Boarding::Lead(_)));
    }

    #[tokio::test]
    async fn a_leader_that_panics_leaves_nothing_behind() {
        let flights = Flights::<u32>::new();
        let Boarding::Lead(landing) = flights.board("a") else {
            panic!("the first leads")
        };
        let Boarding::Wait(waiting) = flights.board("a") else {
            panic!("the second waits")
        };
        let task = tokio::spawn(async move {
            let _landing = landing;
            panic!("broken off");
        });
        assert!(task.await.is_err());
        assert_eq!(waiting.result().await, None);
        assert!(matches!(flights.board("a"), Boarding::Lead(_)));
    }
}
