//! Looks into the store that many want at once, made once for all of them: as after a restart, when every call of one
//! connection finds nothing in memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The looks that are under way, each by what is looked for.
pub(crate) struct Looks<K, T>(Mutex<HashMap<K, watch::Receiver<Option<T>>>>);

/// Takes a look off the list, however it ends.
struct Listed<'a, K: Eq + Hash, T>(&'a Looks<K, T>, K);

impl<K: Eq + Hash + Clone, T: Clone> Looks<K, T> {
    /// What `look` finds; another's find, where one is under way for the same. What another does not find, or is not
    /// `good` any more, says nothing about now: then it is looked for all the same.
    pub(crate) async fn join<E>(
        &self,
        key: K,
        good: impl Fn(&T) -> bool,
        look: impl Future<Output = Result<Option<T>, E>>,
    ) -> Result<Option<T>, E> {
        let (tell, told) = watch::channel(None);
        let joined = {
            let mut under_way = self.list();
            let joined = under_way.get(&key).cloned();
            if joined.is_none() {
                under_way.insert(key.clone(), told);
            }
            joined
        };
        let Some(mut told) = joined else {
            let listed = Listed(self, key);
            let found = look.await;
            drop(listed);
            if let Ok(found) = &found {
                tell.send_replace(found.clone());
            }
            return found;
        };
        let found = told.wait_for(Option::is_some).await;
        let found = found.ok().and_then(|found| found.clone());
        match found.filter(good) {
            Some(found) => Ok(Some(found)),
            None => look.await,
        }
    }
}

impl<K, T> Looks<K, T> {
    fn list(&self) -> MutexGuard<'_, HashMap<K, watch::Receiver<Option<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, T> Default for Looks<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> Drop for Listed<'_, K, T> {
    fn drop(&mut self) {
        self.0.list().remove(&self.1);
    }
}

#[cfg(test)]
mod tests {
    use super::Looks;
    use futures_util::future::join_all;
    use std::cell::Cell;
    use std::convert::Infallible;
    use tokio::task::yield_now;

    /// How often it was looked where five wanted the same and `found` was there, and what they got.
    async fn of_five(found: Option<u8>, good: bool) -> (u32, Vec<Option<u8>>) {
        let (looks, count) = (Looks::default(), Cell::new(0));
        let look = || async {
            count.set(count.get() + 1);
            yield_now().await;
            Ok::<_, Infallible>(found)
        };
        let wanted = (0..5).map(|_| looks.join("key", |_| good, look()));
        let got = join_all(wanted).await.into_iter();
        let got = got.map(|got| got.unwrap_or_default()).collect();
        assert!(looks.list().is_empty());
        (count.get(), got)
    }

    #[tokio::test]
    async fn one_look_serves_all_who_want_the_same_and_none_who_come_later() {
        assert_eq!(of_five(Some(7), true).await, (1, vec![Some(7); 5]));
    }

    #[tokio::test]
    async fn what_another_did_not_find_or_has_gone_is_looked_for_again() {
        assert_eq!(of_five(None, true).await, (5, vec![None; 5]));
        assert_eq!(of_five(Some(7), false).await, (5, vec![Some(7); 5]));
    }

    #[tokio::test]
    async fn who_waits_goes_on_where_the_one_that_looks_is_gone() {
        let looks = Looks::default();
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        let never = looks.join(
            "key",
            |_: &u8| true,
            std::future::pending::<Result<_, Infallible>>(),
        );
        let mut never = Box::pin(never);
        assert!(never.as_mut().poll(context).is_pending());
        let waits = looks.join("key", |_| true, async { Ok::<_, Infallible>(Some(1)) });
        let mut waits = Box::pin(waits);
        assert!(waits.as_mut().poll(context).is_pending());
        drop(never);
        assert_eq!(waits.await, Ok(Some(1)));
    }
}
