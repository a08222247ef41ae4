//! The connector definition: types, reading, checking, JSON Schema. Pure.
