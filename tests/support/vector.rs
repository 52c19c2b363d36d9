//! Recorded outcomes of the reference, a JSON object for each small case.
//!
//! Their files lie in the folder that `CUTWATER_VECTORS` names, by default `../shared/vectors` beside the package. A
//! file that is not there fails the test that wants it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::roomy_threads;

/// The content of a file in the vectors' folder, unpacked when its name ends in `.gz`.
pub fn read_text(name: &str) -> String {
    roomy_threads();
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors");
    let path = std::env::var_os("CUTWATER_VECTORS").map_or_else(default, PathBuf::from).join(name);
    let bytes = fs::read(&path).unwrap_or_else(|error| {
        let path = path.display();
        panic!("{path}: {error}\nPut the file there, or set CUTWATER_VECTORS to the folder that holds {name}")
    });
    let mut text = String::new();
    let read = match name.ends_with(".gz") {
        true => flate2::read::MultiGzDecoder::new(&*bytes).read_to_string(&mut text),
        false => (&*bytes).read_to_string(&mut text),
    };
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text
}

/// All vectors of a file.
pub fn all(name: &str) -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}"));
    read_text(name).lines().map(parse).collect()
}

/// A field that holds text; absent and null are the same.
pub fn text<'v>(vector: &'v Value, field: &str) -> Option<&'v str> {
    vector.get(field).and_then(Value::as_str)
}
