//! Secret newtypes, and the masking of a known secret in every encoding. Pure.
