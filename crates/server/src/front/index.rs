//! What a thread has prepared for the connections that calls were sent with, found by what a request says, without the
//! store, a lock or a copy.

use gateway::Prepared;
use hashbrown::{Equivalent, HashMap};
use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Whose call, of what, with which connection. What is left out is empty: nothing that may stand there is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Wanted<'a> {
    /// The app.
    pub(crate) app: &'a str,
    /// Its user.
    pub(crate) user: &'a str,
    /// The connector.
    pub(crate) connector: &'a str,
    /// The environment.
    pub(crate) environment: &'a str,
    /// The connection, by whatever names it.
    pub(crate) connection: &'a str,
}

/// What a thread has prepared.
pub(crate) struct Index {
    slots: HashMap<Key, Slot>,
    most: usize,
}

/// One prepared connection.
struct Slot {
    prepared: Rc<Prepared>,
    /// The registry's generation at which this was last found to be served.
    generation: Cell<u64>,
    /// Since room was last made.
    used: Cell<bool>,
}

/// The same, kept: one piece of memory, since there are many thousands of them.
#[derive(Debug, Eq, PartialEq)]
struct Key {
    /// The words, one behind the other.
    text: Box<[u8]>,
    /// Where each of the first four ends.
    ends: [u32; 4],
}

impl Index {
    /// Nothing yet, and never more than so many.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            slots: HashMap::new(),
            most,
        }
    }

    /// What is prepared for this and still current. Where the registry has a new snapshot, `is_served` is asked once
    /// whether the route is still the one that is served.
    pub(crate) fn find(
        &mut self,
        wanted: &Wanted<'_>,
        generation: u64,
        is_served: impl FnOnce(&Prepared) -> bool,
    ) -> Option<Rc<Prepared>> {
        let slot = self.slots.get(wanted)?;
        let fits = slot.prepared.is_current()
            && (slot.generation.get() == generation || is_served(&slot.prepared));
        if fits {
            slot.generation.set(generation);
            slot.used.set(true);
            return Some(slot.prepared.clone());
        }
        self.slots.remove(wanted);
        None
    }

    /// Keeps what was prepared.
    pub(crate) fn keep(&mut self, wanted: &Wanted<'_>, generation: u64, prepared: Rc<Prepared>) {
        if self.slots.len() >= self.most {
            self.make_room();
        }
        let slot = Slot {
            prepared,
            generation: Cell::new(generation),
            used: Cell::new(false),
        };
        self.slots.insert(Key::from(wanted), slot);
    }

    /// Drops what is no longer current, so that an unused credential does not stay in memory.
    pub(crate) fn tidy(&mut self) {
        self.slots.retain(|_, slot| slot.prepared.is_current());
    }

    /// Drops what was not used since this was last done, and some of the rest where nothing else is left to drop.
    fn make_room(&mut self) {
        self.slots.retain(|_, slot| slot.used.replace(false));
        let (mut spare, keep) = (self.slots.len(), self.most - self.most / 8);
        if spare > keep {
            self.slots.retain(|_, _| {
                let stays = spare <= keep;
                spare -= usize::from(!stays);
                stays
            });
        }
    }
}

impl<'a> Wanted<'a> {
    fn words(&self) -> [&'a [u8]; 5] {
        [
            self.app.as_bytes(),
            self.user.as_bytes(),
            self.connector.as_bytes(),
            self.environment.as_bytes(),
            self.connection.as_bytes(),
        ]
    }
}

impl Hash for Wanted<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for word in self.words() {
            word.hash(state);
        }
    }
}

impl Key {
    fn words(&self) -> [&[u8]; 5] {
        let mut from = 0;
        let mut word = |end: usize| {
            let word = self.text.get(from..end).unwrap_or_default();
            from = end;
            word
        };
        let [app, user, connector, environment] = self.ends.map(|end| word(end as usize));
        [app, user, connector, environment, word(self.text.len())]
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for word in self.words() {
            word.hash(state);
        }
    }
}

impl Equivalent<Key> for Wanted<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.words() == key.words()
    }
}

impl From<&Wanted<'_>> for Key {
    fn from(wanted: &Wanted<'_>) -> Self {
        let words = wanted.words();
        let mut end = 0;
        let ends = [0, 1, 2, 3].map(|at: usize| {
            end += words[at].len();
            // Fields of a request are far from being so long.
            u32::try_from(end).unwrap_or(u32::MAX)
        });
        Self {
            text: words.concat().into(),
            ends,
        }
    }
}
