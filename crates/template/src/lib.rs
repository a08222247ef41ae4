//! `{{step.path}}` in a definition: parsing it, checking it, and putting values in its place
//! so that no value can leave the place it was meant for. Pure.
//!
//! # Layout
//! - [`Template`]: a text with expressions in it, parsed once
//! - [`Expression`]: what stands between `{{` and `}}`: a path and its filters
//! - [`Path`], [`Segment`], [`walk`]: where a value is found
//! - [`Filter`]: what is done to a value on its way
//! - [`Scope`]: who knows the values
//! - [`Place`]: where the text will stand, which decides how values are encoded
//! - `parse`: the grammar
//! - `resolve`, `url_text`: values into text
//! - [`TemplateError`], [`ResolveError`]: what can be wrong, before and during a run

mod error;
mod filter;
mod parse;
mod path;
mod place;
mod resolve;
mod scope;
mod source;
mod url_text;

pub use error::{ResolveError, TemplateError, TemplateErrorKind};
pub use filter::Filter;
pub use path::{Path, Segment, walk};
pub use place::Place;
pub use scope::Scope;
pub use source::{Expression, Template};
