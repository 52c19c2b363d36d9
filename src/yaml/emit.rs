//! Values to canonical text.
/// Why a value has no text.
#[derive(Debug)]
pub struct EmitError;
/// Writes canonical text.
#[derive(Default)]
pub struct Emitter { out: String }
#[allow(missing_docs)]
impl Emitter {
    pub fn with_capacity(n: usize) -> Self { Self { out: String::with_capacity(n) } }
    pub fn str(&mut self, s: &str) { self.out.push_str(s) }
    pub fn int(&mut self, _: i64) {}
    pub fn uint(&mut self, _: u64) {}
    pub fn float(&mut self, _: f64) {}
    pub fn bool(&mut self, _: bool) {}
    pub fn null(&mut self) {}
    pub fn begin_map(&mut self) {}
    pub fn key(&mut self, _: &str) {}
    pub fn end_map(&mut self) {}
    pub fn begin_seq(&mut self) {}
    pub fn end_seq(&mut self) {}
    pub fn finish(self) -> Result<String, EmitError> { Ok(self.out) }
}
impl std::fmt::Display for EmitError { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("unwritable") } }
