"""Reads metrics on stdin with prometheus_client's parser, and holds them against Prometheus' conventions for names."""

import re
import sys

from prometheus_client.parser import text_string_to_metric_families

WANTED = {
    "stepgate_calls": {"connector", "outcome"},
    "stepgate_call_duration_seconds": {"connector", "phase"},
    "stepgate_renewals": {"connector", "outcome"},
    "stepgate_sign_ins": {"connector", "outcome"},
    "stepgate_credential_lookups": {"found"},
    "stepgate_upstream_requests": {"connection"},
    "stepgate_upstream_open": set(),
    "stepgate_upstream_idle": set(),
    "stepgate_connections_open": set(),
    "stepgate_build_info": {"version"},
}


def main():
    text = sys.stdin.read()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    missing = WANTED.keys() - families.keys()
    assert not missing, f"missing: {sorted(missing)}\n{text}"
    for family in families.values():
        assert re.fullmatch(r"stepgate_[a-z_]+", family.name), family.name
        assert family.documentation and family.type in ("counter", "gauge", "histogram"), family
        if family.type == "counter":
            assert f"# TYPE {family.name}_total counter" in text, family.name
        for sample in family.samples:
            labels = set(sample.labels) - {"le"}
            assert labels == WANTED.get(family.name, labels), sample
            assert all(sample.labels.values()), f"an empty label: {sample}"
            assert sample.value >= 0, sample
        if family.type == "histogram":
            buckets(family)


def buckets(family):
    """Each row of a histogram grows up to +Inf, which is its count."""
    rows, counts = {}, {}
    for sample in family.samples:
        key = tuple(sorted(pair for pair in sample.labels.items() if pair[0] != "le"))
        if sample.name.endswith("_bucket"):
            rows.setdefault(key, []).append((float(sample.labels["le"]), sample.value))
        elif sample.name.endswith("_count"):
            counts[key] = sample.value
    for key, row in rows.items():
        values = [value for _, value in row]
        assert row == sorted(row) and values == sorted(values), row
        assert row[-1] == (float("inf"), counts[key]), row


main()
