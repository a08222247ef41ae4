//! JavaScript's text as Rust's. JavaScript allows half of a surrogate pair, Rust does not: such a
//! half becomes U+FFFD.

use rquickjs::{Ctx, Error, Function, Object, Value};

/// Turns JavaScript's text into Rust's.
pub(crate) struct Text<'a, 'js> {
    ctx: &'a Ctx<'js>,
    helpers: &'a Object<'js>,
}

impl<'a, 'js> Text<'a, 'js> {
    pub(crate) fn new(ctx: &'a Ctx<'js>, helpers: &'a Object<'js>) -> Self {
        Self { ctx, helpers }
    }

    pub(crate) fn ctx(&self) -> &Ctx<'js> {
        self.ctx
    }

    /// The text of a string.
    pub(crate) fn read(&self, string: &rquickjs::String<'js>) -> Result<String, Error> {
        match string.to_string() {
            Err(Error::Utf8(_)) => {
                let well_formed: Function<'js> = self.helpers.get("wellFormed")?;
                let string: rquickjs::String<'js> = well_formed.call((string.clone(),))?;
                string.to_string()
            }
            // The engine could not make the copy, and has thrown.
            Err(Error::Unknown) => Err(Error::Exception),
            other => other,
        }
    }
}

/// The text of a value that is text; nothing of any other.
pub(crate) fn text_of<'js>(text: &Text<'_, 'js>, value: &Value<'js>) -> Option<String> {
    let read = text.read(value.as_string()?);
    if read.is_err() {
        text.ctx.catch();
    }
    read.ok()
}
