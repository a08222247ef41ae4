//! The tests of the transitions, as a table.

use super::{
    CredentialState as State, Event, LONGEST_BACKOFF, StateRecord, passing_wait, transition,
};
use crate::error::TransitionError;

const NOW: i64 = 1_000;

fn start(fence: u64, version: u64) -> Event {
    Event::RenewalStarted {
        holder: "node-a".to_owned(),
        fence,
        spends_version: version,
    }
}

fn fault(retry_after: Option<i64>) -> Event {
    Event::PassingFault {
        reason: "503".to_owned(),
        retry_after,
        jitter: 0,
    }
}

fn unknown() -> Event {
    Event::OutcomeUnknown {
        reason: "no reply".to_owned(),
    }
}

fn after(events: Vec<Event>) -> StateRecord {
    events
        .into_iter()
        .fold(StateRecord::signed_in(NOW), |record, event| {
            let now = match record.state {
                State::Backoff { until, .. } => until,
                _ => NOW,
            };
            transition(&record, event, now).unwrap()
        })
}

#[test]
fn each_end_of_a_renewal_has_its_state() {
    let reason = || "revoked".to_owned();
    let table = [
        (vec![start(1, 7), Event::RenewalStored], "fresh"),
        (
            vec![
                start(1, 7),
                Event::RenewalRefused {
                    reason: reason().into(),
                },
            ],
            "sign_in_required",
        ),
        (
            vec![
                start(1, 7),
                Event::StoredPasswordRefused {
                    reason: reason().into(),
                },
            ],
            "sign_in_required",
        ),
        (vec![start(1, 7), fault(None)], "backoff"),
        (vec![start(1, 7), unknown()], "uncertain"),
        (vec![start(1, 7), Event::LeaseLost], "uncertain"),
        (
            vec![start(1, 7), Event::Abandoned { reason: reason() }],
            "fresh",
        ),
        (
            vec![
                start(1, 7),
                Event::RenewalRefused {
                    reason: reason().into(),
                },
                Event::SignedIn,
            ],
            "fresh",
        ),
    ];
    for (events, expected) in table {
        assert_eq!(after(events.clone()).state.name(), expected, "{events:?}");
    }
}

#[test]
fn attack_21_an_uncertain_renewal_is_tried_once_more_and_never_in_a_loop() {
    let twice = after(vec![start(1, 7), unknown(), start(2, 7)]);
    assert!(matches!(
        twice.state,
        State::Renewing {
            after_uncertain: true,
            ..
        }
    ));
    let ended = transition(&twice, unknown(), NOW).unwrap();
    assert_eq!(ended.state, State::SignInRequired { asked: false });
    assert!(transition(&ended, start(3, 7), NOW).is_err());
}

#[test]
fn attack_19_a_killed_holder_is_taken_over_by_a_later_fence_only() {
    let held = after(vec![start(5, 7)]);
    assert_eq!(
        transition(&held, start(5, 7), NOW),
        Err(TransitionError::Superseded { fence: 5 })
    );
    let taken = transition(&held, start(6, 7), NOW).unwrap();
    assert_eq!(
        transition(&taken, start(7, 7), NOW),
        Err(TransitionError::SpentTwice)
    );
    assert!(transition(&taken, Event::RenewalStored, NOW).is_ok());
}

#[test]
fn attack_25_a_passing_fault_backs_off_and_keeps_the_credential() {
    let once = after(vec![start(1, 7), fault(None)]);
    assert_eq!(
        once.state,
        State::Backoff {
            until: NOW + 5,
            attempts: 1
        }
    );
    assert_eq!(
        transition(&once, start(2, 7), NOW + 4),
        Err(TransitionError::TooEarly { until: NOW + 5 })
    );
    let again = after(vec![start(1, 7), fault(None), start(2, 7), fault(None)]);
    assert!(matches!(again.state, State::Backoff { attempts: 2, .. }));
    let asked = after(vec![start(1, 7), fault(Some(120))]);
    assert!(matches!(asked.state, State::Backoff { until: 1_120, .. }));
}

#[test]
fn the_wait_grows_is_bounded_and_is_stretched() {
    assert_eq!([1, 2, 3].map(|n| passing_wait(n, None, 0)), [5, 10, 20]);
    assert_eq!(passing_wait(u32::MAX, None, 0), LONGEST_BACKOFF);
    assert_eq!(passing_wait(3, None, 255), 30);
    assert_eq!(passing_wait(1, Some(-4), 0), 5);
    assert_eq!(passing_wait(1, Some(i64::MAX), 0), 86_400);
}

#[test]
fn a_record_is_flat_json() {
    let record = after(vec![start(1, 7), fault(None)]);
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(json["state"], "backoff");
    assert_eq!(serde_json::from_value::<StateRecord>(json).unwrap(), record);
}

#[test]
fn a_clock_that_is_put_back_puts_no_renewal_off() {
    let record = after(vec![start(1, 7), fault(Some(100))]);
    let until = NOW + 100;
    for (now, expected) in [
        (NOW, Some(until)),
        (until - 1, Some(until)),
        (until, None),
        (NOW - 60, Some(until)),
        (NOW - 61, None),
        (NOW - 1_000_000, None),
    ] {
        assert_eq!(record.put_off_until(now), expected, "{now}");
        assert_eq!(
            transition(&record, start(2, 7), now).is_err(),
            expected.is_some()
        );
    }
    assert_eq!(StateRecord::signed_in(NOW).put_off_until(NOW), None);
}
