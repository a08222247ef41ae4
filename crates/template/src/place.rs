//! Where a resolved text will stand: it decides what a value may hold and how it is encoded.

/// The place that a resolved template is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A value of a JSON document: a template that is exactly one expression keeps its JSON type.
    Value,
    /// Text that is read by a person or sent as it is.
    Text,
    /// A whole URL: each value is percent-encoded for the part of the URL that it stands in, but for
    /// one at the very start. Null, objects and lists are refused.
    Url,
    /// A header value: control characters are refused, and so is null, which would travel as a word.
    Header,
    /// A value of a form. The text is not encoded here: who writes the form does that.
    FormField,
    /// A value of a query parameter. The text is not encoded here: who writes the query does that.
    Query,
}
