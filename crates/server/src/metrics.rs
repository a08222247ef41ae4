//! What operators measure, as Prometheus reads it. Threads hand over what they counted once a second.

use crate::front::{BOUNDS, Durations, Tally};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The media type of the text.
pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is measured. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Metrics {
    recorded: PrometheusHandle,
    phases: Arc<Mutex<BTreeMap<(String, &'static str), Durations>>>,
}

impl Metrics {
    /// Nothing yet. What any crate records by the macros of `metrics` is read here too, once a process.
    pub(crate) fn new() -> Self {
        static RECORDED: OnceLock<PrometheusHandle> = OnceLock::new();
        let recorded = RECORDED.get_or_init(|| {
            PrometheusBuilder::new()
                .install_recorder()
                .unwrap_or_else(|_| PrometheusBuilder::new().build_recorder().handle())
        });
        describe();
        Self {
            recorded: recorded.clone(),
            phases: Arc::default(),
        }
    }

    /// Takes what a thread counted.
    pub(crate) fn add(&self, counted: Vec<(String, Tally)>) {
        let mut phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        for (connector, tally) in counted {
            let count = |name: &'static str, count: u64| {
                if count > 0 {
                    metrics::counter!(name, "connector" => connector.clone()).increment(count);
                }
            };
            count("stepgate_calls_repeated_total", tally.repeated);
            count("stepgate_calls_renewed_total", tally.renewed);
            let answered = Some(("upstream", tally.answered)).filter(|(_, count)| *count > 0);
            for (outcome, count) in tally.problems.into_iter().chain(answered) {
                let labels = [
                    ("connector", connector.clone()),
                    ("outcome", outcome.to_owned()),
                ];
                metrics::counter!("stepgate_calls_total", &labels).increment(count);
            }
            if tally.answered == 0 {
                continue;
            }
            for (phase, durations) in [("gateway", tally.gateway), ("upstream", tally.upstream)] {
                phases
                    .entry((connector.clone(), phase))
                    .or_default()
                    .add(&durations);
            }
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        let mut text = self.recorded.render();
        let phases = self.phases.lock().unwrap_or_else(PoisonError::into_inner);
        if phases.is_empty() {
            return text;
        }
        text.push_str("# HELP stepgate_call_duration_seconds How long calls took, by connector and phase: here, and at the API.\n");
        text.push_str("# TYPE stepgate_call_duration_seconds histogram\n");
        for ((connector, phase), durations) in &*phases {
            // Connectors have names that need no quoting.
            let labels = format!("connector=\"{connector}\",phase=\"{phase}\"");
            // Writing into a text does not fail.
            let _ = durations.write(&mut text, &labels);
        }
        text
    }
}

/// Says what each name stands for. Names follow Prometheus: base units, `_total` for what only grows.
fn describe() {
    let counters = [
        (
            "stepgate_calls_total",
            "Calls, by connector and whose answer they got: upstream, or the code of ours.",
        ),
        ("stepgate_calls_repeated_total", "Calls sent twice."),
        (
            "stepgate_calls_renewed_total",
            "Calls that a renewal came before.",
        ),
        (
            "stepgate_renewals_total",
            "Renewals of credentials, by connector and how they ended.",
        ),
        (
            "stepgate_sign_ins_total",
            "Sign-ins, by connector and how they ended.",
        ),
        (
            "stepgate_credential_lookups_total",
            "Calls, by whether their thread had the credential at hand.",
        ),
        (
            "stepgate_upstream_requests_total",
            "Requests sent to APIs for calls, by whether their connection was new.",
        ),
    ];
    for (name, help) in counters {
        metrics::describe_counter!(name, help);
    }
    let gauges = [
        (
            "stepgate_connections_open",
            "Connections from callers that are open.",
        ),
        (
            "stepgate_upstream_open",
            "Connections to APIs that calls hold open.",
        ),
        (
            "stepgate_upstream_idle",
            "Of these, those that wait for a call.",
        ),
        (
            "stepgate_build_info",
            "Always 1; its label is the version that runs.",
        ),
    ];
    for (name, help) in gauges {
        metrics::describe_gauge!(name, help);
    }
    metrics::gauge!("stepgate_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

impl Durations {
    fn add(&mut self, other: &Durations) {
        for (sum, count) in self.buckets.iter_mut().zip(other.buckets) {
            *sum += count;
        }
        self.micros += other.micros;
    }

    fn write(&self, text: &mut String, labels: &str) -> std::fmt::Result {
        let mut count = 0;
        for (at, in_bucket) in self.buckets.iter().enumerate() {
            count += in_bucket;
            let bound = match BOUNDS.get(at) {
                Some(micros) => seconds(*micros),
                None => "+Inf".to_owned(),
            };
            writeln!(
                text,
                "stepgate_call_duration_seconds_bucket{{{labels},le=\"{bound}\"}} {count}"
            )?;
        }
        let sum = seconds(self.micros);
        writeln!(text, "stepgate_call_duration_seconds_sum{{{labels}}} {sum}")?;
        writeln!(
            text,
            "stepgate_call_duration_seconds_count{{{labels}}} {count}"
        )
    }
}

fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Durations, seconds};

    #[test]
    fn buckets_add_up_as_prometheus_wants_them() {
        let mut durations = Durations::default();
        durations.buckets[0] = 2;
        durations.buckets[17] = 1;
        durations.micros = 1_500_000;
        let mut twice = durations;
        twice.add(&durations);
        let mut text = String::new();
        twice.write(&mut text, "phase=\"gateway\"").unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "stepgate_call_duration_seconds_bucket{phase=\"gateway\",le=\"0.00005\"} 4"
        );
        assert_eq!(
            lines[17],
            "stepgate_call_duration_seconds_bucket{phase=\"gateway\",le=\"+Inf\"} 6"
        );
        assert_eq!(
            lines[18],
            "stepgate_call_duration_seconds_sum{phase=\"gateway\"} 3"
        );
        assert_eq!(
            lines[19],
            "stepgate_call_duration_seconds_count{phase=\"gateway\"} 6"
        );
        assert_eq!(
            (seconds(2_500_000), seconds(10_000_000)),
            ("2.5".into(), "10".into())
        );
    }
}
