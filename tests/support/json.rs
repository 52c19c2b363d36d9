//! YAML as JSON, as the reference sees it: read by our own reader, in the dialect of 2005.

use cutwater::model::scalar::Raw;
use cutwater::yaml::codec::{Strictness, read};
use cutwater::yaml::parse::parse;
use cutwater::yaml::value::Value;
use serde_json::{Map, Number, Value as Json};

/// The value of a document.
pub fn from_yaml(text: &str) -> Result<Json, String> {
    let tree = parse(text).map_err(|error| error.message)?;
    let Raw(value) = read(&tree, Strictness::Lenient).map_err(|problems| format!("{problems:?}"))?;
    Ok(json(value))
}

fn json(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Int(number) => Json::Number(number.into()),
        Value::Uint(number) => Json::Number(number.into()),
        Value::Float(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
        Value::Text(text) => Json::String(text),
        Value::List(items) => Json::Array(items.into_iter().map(json).collect()),
        Value::Map(entries) => {
            Json::Object(entries.into_iter().map(|(key, value)| (key, json(value))).collect::<Map<_, _>>())
        }
    }
}
