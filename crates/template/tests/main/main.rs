//! Templates from the outside: what they yield, and what no value can make them yield.

mod grammar;
mod header;
mod json;
mod url;
mod value;
