//! Development only: upstreams with awkward behaviour, and a fixed clock.
