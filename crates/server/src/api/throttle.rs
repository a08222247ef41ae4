//! Slows down who guesses passwords: each account and each address has a few tries, then waits that grow.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::Clock;
use sha2::{Digest, Sha256};

/// How many accounts and addresses are remembered.
const MOST: usize = 20_000;

/// After this many seconds without a try, all is forgotten.
const FORGOTTEN_AFTER: i64 = 3_600;

/// How many tries are free, and how long the longest wait is, in seconds.
struct Allowance {
    free: u32,
    longest: i64,
}

/// The longest wait is short: else whoever knows a login could keep its owner out.
const ACCOUNT: Allowance = Allowance {
    free: 5,
    longest: 60,
};
const ADDRESS: Allowance = Allowance {
    free: 15,
    longest: 900,
};

/// Counts tries.
pub(crate) struct Throttle {
    clock: Clock,
    tries: Mutex<HashMap<Key, Tries>>,
}

/// What is counted. A login is kept as its hash: what is typed there is at times a password.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Account([u8; 32]),
    Address(IpAddr),
}

#[derive(Clone, Copy)]
struct Tries {
    count: u32,
    last: i64,
    not_before: i64,
}

impl Throttle {
    /// By this clock.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            tries: Mutex::new(HashMap::new()),
        }
    }

    /// Counts a try before it is made, so that many at once do not slip by; whether the login exists makes no
    /// difference.
    ///
    /// # Errors
    /// How many seconds to wait. Nothing was counted then.
    pub(crate) fn admit(&self, login: &str, address: IpAddr) -> Result<(), i64> {
        self.count(&keys(login, address))
    }

    fn count(&self, keys: &[(Key, Allowance)]) -> Result<(), i64> {
        let now = self.clock.unix();
        let mut tries = self.lock();
        let wait = keys
            .iter()
            .filter_map(|(key, _)| tries.get(key))
            .filter(|known| !known.is_forgotten(now))
            .map(|known| known.not_before - now)
            .max();
        if let Some(wait) = wait.filter(|wait| *wait > 0) {
            return Err(wait);
        }
        make_room(&mut tries, now);
        for (key, allowance) in keys {
            let known = tries.get(key).filter(|known| !known.is_forgotten(now));
            let count = known.map_or(0, |known| known.count).saturating_add(1);
            let not_before = now + allowance.wait_after(count);
            tries.insert(
                *key,
                Tries {
                    count,
                    last: now,
                    not_before,
                },
            );
        }
        Ok(())
    }

    /// Counts a try that names nobody: by its address alone.
    ///
    /// # Errors
    /// How many seconds to wait. Nothing was counted then.
    pub(crate) fn admit_from(&self, address: IpAddr) -> Result<(), i64> {
        self.count(&[(Key::Address(network(address)), ADDRESS)])
    }

    /// Takes such a try back.
    pub(crate) fn forgive_from(&self, address: IpAddr) {
        self.take_back(Key::Address(network(address)), &ADDRESS);
    }

    /// Takes a try back that turned out right: the account starts anew, its address is one try better off.
    pub(crate) fn forgive(&self, login: &str, address: IpAddr) {
        let [(account, _), (address, allowance)] = keys(login, address);
        self.lock().remove(&account);
        self.take_back(address, &allowance);
    }

    fn take_back(&self, address: Key, allowance: &Allowance) {
        let mut tries = self.lock();
        if let Some(known) = tries.get_mut(&address) {
            known.count = known.count.saturating_sub(1);
            known.not_before = known.last + allowance.wait_after(known.count);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Tries>> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tries {
    /// A try that is still to come is one from before the clock was set back: nobody waits for that long.
    fn is_forgotten(&self, now: i64) -> bool {
        !(0..=FORGOTTEN_AFTER).contains(&(now - self.last))
    }
}

impl Allowance {
    fn wait_after(&self, count: u32) -> i64 {
        match count.checked_sub(self.free) {
            None => 0,
            Some(over) => (1_i64 << over.min(30)).min(self.longest),
        }
    }
}

fn keys(login: &str, address: IpAddr) -> [(Key, Allowance); 2] {
    let account = Sha256::digest(login.as_bytes()).into();
    [
        (Key::Account(account), ACCOUNT),
        (Key::Address(network(address)), ADDRESS),
    ]
}

/// One household or machine has a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        four => four,
    }
}

fn make_room(tries: &mut HashMap<Key, Tries>, now: i64) {
    if tries.len() < MOST {
        return;
    }
    tries.retain(|_, known| !known.is_forgotten(now));
    if tries.len() < MOST {
        return;
    }
    // The half that was silent for longest; in halves, so that it is rarely done.
    let mut lasts: Vec<i64> = tries.values().map(|known| known.last).collect();
    let middle = lasts.len() / 2;
    let (_, median, _) = lasts.select_nth_unstable(middle);
    let median = *median;
    tries.retain(|_, known| known.last > median);
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::{Duration, UNIX_EPOCH};

    use super::{Clock, MOST, Throttle};

    struct World {
        now: Arc<AtomicI64>,
        throttle: Throttle,
    }

    impl World {
        fn new() -> Self {
            let now = Arc::new(AtomicI64::new(1_000_000));
            let shown = Arc::clone(&now);
            let clock = Clock::new(move || {
                UNIX_EPOCH + Duration::from_secs(shown.load(Ordering::SeqCst).unsigned_abs())
            });
            Self {
                now,
                throttle: Throttle::new(clock),
            }
        }

        fn admit(&self, login: &str, address: &str) -> Result<(), i64> {
            self.throttle.admit(login, address.parse().unwrap())
        }

        fn pass(&self, seconds: i64) {
            self.now.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    #[test]
    fn attack_68_guesses_at_an_account_wait_longer_and_longer() {
        let world = World::new();
        let from = |n: u32| format!("192.0.2.{}", n % 200);
        for n in 0..5 {
            assert_eq!(world.admit("ada", &from(n)), Ok(()), "{n}");
        }
        for (n, wait) in [1, 2, 4, 8, 16, 32, 60, 60].into_iter().enumerate() {
            let from = from(u32::try_from(n).unwrap() + 20);
            assert_eq!(world.admit("ada", &from), Err(wait));
            world.pass(wait);
            assert_eq!(world.admit("ada", &from), Ok(()));
        }
        assert_eq!(world.admit("bob", "192.0.2.1"), Ok(()));
    }

    #[test]
    fn attack_68_an_address_that_tries_many_accounts_waits_too() {
        let world = World::new();
        for n in 0..15 {
            // Two machines of one network count as one.
            let from = if n % 2 == 0 {
                "2001:db8::1"
            } else {
                "2001:db8::2"
            };
            assert_eq!(world.admit(&format!("login{n}"), from), Ok(()));
        }
        assert_eq!(world.admit("another", "2001:db8::3"), Err(1));
        assert_eq!(world.admit("another", "2001:db8:1::3"), Ok(()));
    }

    #[test]
    fn who_signs_in_starts_anew() {
        let world = World::new();
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..30 {
            assert_eq!(world.admit("ada", "192.0.2.1"), Ok(()));
            world.throttle.forgive("ada", address);
        }
    }

    #[test]
    fn tries_are_forgotten_after_an_hour() {
        let world = World::new();
        for _ in 0..5 {
            let _ = world.admit("ada", "192.0.2.1");
        }
        world.pass(3_601);
        for _ in 0..5 {
            assert_eq!(world.admit("ada", "192.0.2.1"), Ok(()));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_out() {
        let world = World::new();
        for _ in 0..6 {
            let _ = world.admit("ada", "192.0.2.1");
        }
        world.pass(-86_400);
        assert_eq!(world.admit("ada", "192.0.2.1"), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let world = World::new();
        for n in 0..u32::try_from(MOST).unwrap() {
            let address = IpAddr::from(n.to_be_bytes());
            let _ = world.throttle.admit(&n.to_string(), address);
            world.pass(i64::from(n % 50 == 0));
        }
        assert!(world.throttle.lock().len() <= MOST + 1);
    }
}
