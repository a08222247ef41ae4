//! The hardened serialiser: a script's result as JSON.
//!
//! It walks the value itself instead of calling `JSON.stringify`, which a script can replace, and
//! counts bytes as it goes, so that a result without end ends. Getters, `toJSON` and proxies run
//! here, in the child and under the deadline. It agrees with `JSON.stringify` but for this:
//! functions, symbols, BigInts, NaN, infinities, Maps, Sets, bytes and the like are errors that
//! name the key, where `JSON.stringify` would drop or garble them; a key `__proto__` is left out.

use rquickjs::atom::Atom;
use rquickjs::function::This;
use rquickjs::object::Filter;
use rquickjs::{Ctx, Error, Function, Object, Type, Value};
use serde_json::{Map, Number};

use crate::message::{MAX_DEPTH, Reply};
use crate::text::Text;

type Json = serde_json::Value;

/// Why a result is refused.
pub(crate) enum Refusal {
    NotAnObject(String),
    NotJson { path: String, what: String },
    TooDeep,
    TooLarge,
    Engine(Error),
}

/// Tells what an error of the engine means.
pub(crate) trait Explain {
    fn explain(&self, error: &Error) -> Reply;
}

impl Refusal {
    pub(crate) fn into_reply(self, explain: &impl Explain) -> Reply {
        match self {
            Self::NotAnObject(what) => Reply::NotAnObject { what },
            Self::NotJson { path, what } => Reply::NotJson { path, what },
            Self::TooDeep => Reply::TooDeep,
            Self::TooLarge => Reply::OutputTooLarge,
            Self::Engine(error) => explain.explain(&error),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

/// Writes one result.
pub(crate) struct Writer<'a, 'js> {
    text: Text<'a, 'js>,
    helpers: &'a Object<'js>,
    limit: u64,
    left: u64,
    path: Vec<Place>,
}

enum Place {
    Key(String),
    Index(u32),
}

impl<'a, 'js> Writer<'a, 'js> {
    pub(crate) fn new(ctx: &'a Ctx<'js>, helpers: &'a Object<'js>, limit: u64) -> Self {
        Self {
            text: Text::new(ctx, helpers),
            helpers,
            limit,
            left: limit,
            path: Vec::new(),
        }
    }

    /// The reply for what a script returned.
    pub(crate) fn object(mut self, returned: Value<'js>) -> Result<Reply, Refusal> {
        let object = self.plain(&returned)?;
        let fields = self.fields(&object)?;
        // What was counted on the way is less than the whole by the escapes and the commas.
        let written = serde_json::to_vec(&fields).map_err(|_| Refusal::TooDeep)?;
        if written.len() as u64 > self.limit {
            return Err(Refusal::TooLarge);
        }
        Ok(Reply::Returned(fields))
    }

    fn plain(&self, returned: &Value<'js>) -> Result<Object<'js>, Refusal> {
        let refused = |what: &str| Err(Refusal::NotAnObject(what.to_owned()));
        match returned.type_of() {
            Type::Undefined | Type::Uninitialized => return refused("nothing"),
            Type::Null => return refused("null"),
            Type::Bool => return refused("true or false"),
            Type::Int | Type::Float => return refused("a number"),
            Type::String => return refused("text"),
            _ => {}
        }
        if self.is_list(returned)? {
            return refused("a list");
        }
        if let Some(words) = unwritable(returned) {
            return refused(words);
        }
        let Some(object) = returned.as_object() else {
            return refused("something else");
        };
        if let Some(words) = self.strange(object)? {
            return refused(&words);
        }
        let is_plain: Function<'js> = self.helpers.get("isPlain")?;
        if !is_plain.call::<_, bool>((object.clone(),))? {
            return refused("an object of a class; copy its fields into `{ … }`");
        }
        Ok(object.clone())
    }

    /// The JSON of a value; nothing for undefined.
    fn value(&mut self, value: &Value<'js>) -> Result<Option<Json>, Refusal> {
        if self.path.len() > MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        let json = match value.type_of() {
            Type::Undefined | Type::Uninitialized => return Ok(None),
            Type::Null => Json::Null,
            Type::Bool => Json::Bool(value.as_bool().unwrap_or_default()),
            Type::Int | Type::Float => Json::Number(self.number(value)?),
            Type::String => {
                let Some(string) = value.as_string() else {
                    return Ok(None);
                };
                let text = self.text.read(string)?;
                self.spend(text.len())?;
                Json::String(text)
            }
            _ => return self.compound(value),
        };
        self.spend(1)?;
        Ok(Some(json))
    }

    fn compound(&mut self, value: &Value<'js>) -> Result<Option<Json>, Refusal> {
        if let Some(words) = unwritable(value) {
            return Err(self.not_json(words));
        }
        let Some(object) = value.as_object() else {
            return Err(self.not_json("a value of an unknown kind"));
        };
        let to_json: Value<'js> = object.get("toJSON")?;
        if let Some(to_json) = to_json.as_function() {
            let key = match self.path.last() {
                Some(Place::Key(key)) => key.clone(),
                Some(Place::Index(index)) => index.to_string(),
                None => String::new(),
            };
            let given: Value<'js> = to_json.call((This(object.clone()), key))?;
            if !given.is_object() {
                return self.value(&given);
            }
            return match given.as_object() {
                Some(object) => self.members(&given, object),
                None => Ok(None),
            };
        }
        self.members(value, object)
    }

    fn members(
        &mut self,
        value: &Value<'js>,
        object: &Object<'js>,
    ) -> Result<Option<Json>, Refusal> {
        if let Some(words) = unwritable(value) {
            return Err(self.not_json(words));
        }
        if self.is_list(value)? {
            return Ok(Some(Json::Array(self.elements(object)?)));
        }
        if let Some(words) = self.strange(object)? {
            return Err(self.not_json(&words));
        }
        Ok(Some(Json::Object(self.fields(object)?)))
    }

    fn elements(&mut self, list: &Object<'js>) -> Result<Vec<Json>, Refusal> {
        self.spend(2)?;
        // A list has up to 2^32 - 1 elements, most of which may be holes; each is paid for.
        let length: f64 = list.get("length")?;
        let mut elements = Vec::new();
        let mut index: u32 = 0;
        while f64::from(index) < length {
            self.spend(1)?;
            let element: Value<'js> = list.get(index)?;
            self.path.push(Place::Index(index));
            elements.push(self.value(&element)?.unwrap_or(Json::Null));
            self.path.pop();
            index = index.checked_add(1).ok_or(Refusal::TooLarge)?;
        }
        Ok(elements)
    }

    fn fields(&mut self, object: &Object<'js>) -> Result<Map<String, Json>, Refusal> {
        self.spend(2)?;
        let mut fields = Map::new();
        for atom in object.own_keys::<Atom<'js>>(Filter::default()) {
            let atom = atom?;
            let key = self.text.read(&atom.to_js_string()?)?;
            if key == "__proto__" {
                continue;
            }
            self.spend(key.len() + 3)?;
            let value: Value<'js> = object.get(atom)?;
            self.path.push(Place::Key(key));
            let json = self.value(&value)?;
            if let (Some(Place::Key(key)), Some(json)) = (self.path.pop(), json) {
                fields.insert(key, json);
            }
        }
        Ok(fields)
    }

    fn number(&self, value: &Value<'js>) -> Result<Number, Refusal> {
        /// Up to here every whole number has a float of its own.
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        if let Some(int) = value.as_int() {
            return Ok(int.into());
        }
        let float = value.as_float().unwrap_or(f64::NAN);
        if float.fract() == 0.0 && float.abs() <= WHOLE {
            #[allow(clippy::cast_possible_truncation)] // whole and in range, as just checked
            return Ok((float as i64).into());
        }
        Number::from_f64(float).ok_or_else(|| {
            self.not_json(if float.is_nan() {
                "NaN"
            } else {
                "an infinite number"
            })
        })
    }

    fn is_list(&self, value: &Value<'js>) -> Result<bool, Refusal> {
        if !value.is_proxy() {
            return Ok(value.is_array());
        }
        let is_list: Function<'js> = self.helpers.get("isList")?;
        Ok(is_list.call((value.clone(),))?)
    }

    fn strange(&self, object: &Object<'js>) -> Result<Option<String>, Refusal> {
        let strange: Function<'js> = self.helpers.get("strange")?;
        Ok(strange.call((object.clone(),))?)
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.left = self
            .left
            .checked_sub(bytes as u64)
            .ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    fn not_json(&self, what: &str) -> Refusal {
        let mut path = String::new();
        for place in &self.path {
            match place {
                Place::Index(index) => path.push_str(&format!("[{index}]")),
                Place::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
            }
        }
        Refusal::NotJson {
            path: crate::message::shown(&path),
            what: what.to_owned(),
        }
    }
}

fn unwritable(value: &Value<'_>) -> Option<&'static str> {
    if value.is_function() || value.is_constructor() {
        Some("a function")
    } else if value.is_symbol() {
        Some("a Symbol")
    } else if value.is_big_int() {
        Some("a BigInt (make it text with `String(…)`)")
    } else if value.is_promise() {
        Some("a promise (await it first)")
    } else {
        None
    }
}
