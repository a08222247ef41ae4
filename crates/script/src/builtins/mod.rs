//! What a script finds beside JavaScript's own built-ins. The classes are written in JavaScript
//! (`prelude.js`); what needs a library is a pure function here, from text to text.

mod encoding;
mod hash;
mod url;

use rquickjs::function::Func;
use rquickjs::{Ctx, Error, Object};

use crate::console::Console;

/// The functions that the prelude, and nothing else, gets to see.
pub(crate) fn host<'js>(ctx: &Ctx<'js>, console: &Console) -> Result<Object<'js>, Error> {
    let host = Object::new(ctx.clone())?;
    host.set("encodeUtf8", Func::from(encoding::encode_utf8))?;
    host.set("decodeUtf8", Func::from(encoding::decode_utf8))?;
    host.set("atob", Func::from(encoding::atob))?;
    host.set("btoa", Func::from(encoding::btoa))?;
    host.set("hash", Func::from(hash::hash))?;
    host.set("hmac", Func::from(hash::hmac))?;
    host.set("parseUrl", Func::from(url::parse))?;
    host.set("setUrl", Func::from(url::set))?;
    host.set("parseForm", Func::from(url::parse_form))?;
    host.set("writeForm", Func::from(url::write_form))?;
    let console = console.clone();
    let say = move |level: String, text: String| console.say(&level, &text);
    host.set("say", Func::from(say))?;
    Ok(host)
}
