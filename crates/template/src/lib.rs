//! The `{{step.path}}` template language: parse, check, resolve. Pure.
