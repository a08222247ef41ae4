//! How many callers of one user, and of one app, may wait at once for somebody to sign in, or follow a run: each holds a
//! connection open, and has the store or the run looked at now and then.

use crate::problem::Problem;
use crate::signing_in::realm;
use gateway::Retry;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Those that wait now. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Waits {
    per_user: usize,
    per_app: usize,
    /// How many, by owner and by app. What is not in here waits in no place.
    waiting: Arc<Mutex<HashMap<String, usize>>>,
}

/// One that waits, until it is dropped.
pub(crate) struct Waiting {
    waits: Waits,
    places: [String; 2],
}

impl Waits {
    pub(crate) fn new(per_user: usize, per_app: usize) -> Self {
        Self {
            per_user,
            per_app,
            waiting: Arc::default(),
        }
    }

    /// One more of this owner, `APP/USER` or as connections are stored.
    ///
    /// # Errors
    /// Too many wait already.
    pub(crate) fn begin(&self, owner: &str) -> Result<Waiting, Problem> {
        // No owner begins like this without a slash.
        let places = [owner.to_owned(), format!("app {}", realm(owner))];
        let mut waiting = self.lock();
        for (place, most) in places.iter().zip([self.per_user, self.per_app]) {
            if waiting.get(place).copied().unwrap_or_default() >= most {
                return Err(too_many());
            }
        }
        for place in &places {
            *waiting.entry(place.clone()).or_default() += 1;
        }
        drop(waiting);
        Ok(Waiting {
            waits: self.clone(),
            places,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        // The table is whole after every statement, so a panic elsewhere leaves it usable.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut waiting = self.waits.lock();
        for place in &self.places {
            if let Some(count) = waiting.get_mut(place) {
                *count -= 1;
                if *count == 0 {
                    waiting.remove(place);
                }
            }
        }
    }
}

fn too_many() -> Problem {
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_waits",
        "Too many calls and event streams wait already, of this user or of the app.",
    )
    .retry(Retry::Later)
    .header(RETRY_AFTER, HeaderValue::from_static("5"))
    .help("Wait with fewer of them, or ask again without `Prefer: wait`.")
}

#[cfg(test)]
mod tests {
    use super::Waits;

    #[test]
    fn a_user_and_an_app_wait_so_often_and_no_more() {
        let waits = Waits::new(2, 3);
        let first = waits.begin("shop/u1").unwrap();
        let _second = waits.begin("shop/u1").unwrap();
        let refused = waits.begin("shop/u1").err().unwrap();
        assert_eq!(
            (refused.status.as_u16(), refused.code),
            (429, "too_many_waits")
        );
        let _other_user = waits.begin("shop/u2").unwrap();
        assert!(waits.begin("shop/u3").is_err(), "the app's are used up");
        let _other_app = waits.begin("other/u1").unwrap();
        let _nobody_in_particular = waits.begin("shared").unwrap();
        drop(first);
        drop(waits.begin("shop/u3").unwrap());
        let _again = waits.begin("shop/u1").unwrap();
        assert_eq!(waits.lock().get("app shop"), Some(&3));
    }

    #[test]
    fn nothing_is_left_of_those_that_are_gone() {
        let waits = Waits::new(2, 3);
        // A call that names no user, of a shared connector.
        for owner in ["shop/u1", "shop/", "shared"] {
            drop(waits.begin(owner).unwrap());
        }
        assert!(waits.lock().is_empty());
    }
}
