//! A language server that runs beside the test and is spoken to as editors do.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value as Json, json};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server with its settings and what it has said of documents.
pub struct LanguageServer {
    process: Child,
    input: ChildStdin,
    messages: Receiver<Json>,
    settings: Json,
    asked: i64,
    diagnostics: BTreeMap<String, Vec<Json>>,
}

impl LanguageServer {
    /// Starts a server with the settings that an editor would have.
    pub fn start(mut command: Command, settings: Json) -> Self {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let output = process.stdout.take().unwrap();
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut server = Self { process, input, messages, settings, asked: 0, diagnostics: BTreeMap::new() };
        let markdown = json!(["markdown"]);
        let abilities = json!({
            "workspace": { "configuration": true },
            "textDocument": {
                "hover": { "contentFormat": markdown },
                "completion": { "completionItem": { "documentationFormat": markdown } },
            },
        });
        server.ask("initialize", json!({ "processId": null, "rootUri": "file:///release", "capabilities": abilities }));
        server.tell("initialized", json!({}));
        server.tell("workspace/didChangeConfiguration", json!({ "settings": server.settings.clone() }));
        server
    }

    /// Opens a document and gives its diagnostics: line and column from one, and message.
    pub fn open(&mut self, path: &str, text: &str) -> Vec<(u64, u64, String)> {
        let uri = format!("file:///release/{path}");
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        while !self.diagnostics.contains_key(&uri) {
            self.receive();
        }
        let place = |diagnostic: &Json, part: &str| diagnostic["range"]["start"][part].as_u64().unwrap() + 1;
        let message = |diagnostic: &Json| diagnostic["message"].as_str().unwrap().to_owned();
        let told = self.diagnostics[&uri].iter();
        let mut told: Vec<_> = told.map(|one| (place(one, "line"), place(one, "character"), message(one))).collect();
        told.sort();
        told
    }

    /// What shows over a place of an open document.
    pub fn hover(&mut self, path: &str, line: u64, column: u64) -> String {
        let answer = self.ask("textDocument/hover", at(path, line, column));
        answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// What can stand at a place of an open document.
    pub fn complete(&mut self, path: &str, line: u64, column: u64) -> Vec<String> {
        let answer = self.ask("textDocument/completion", at(path, line, column));
        let items = answer.get("items").unwrap_or(&answer).as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    fn ask(&mut self, method: &str, params: Json) -> Json {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    fn tell(&mut self, method: &str, params: Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    /// Takes the next message, answering questions about settings and keeping diagnostics.
    fn receive(&mut self) -> Json {
        let message = self.messages.recv_timeout(PATIENCE).expect("the language server says nothing");
        match message["method"].as_str() {
            Some("textDocument/publishDiagnostics") => {
                let params = &message["params"];
                let told = params["diagnostics"].as_array().cloned().unwrap_or_default();
                self.diagnostics.insert(params["uri"].as_str().unwrap().to_owned(), told);
            }
            Some(method) if message.get("id").is_some() => {
                let sections = message["params"]["items"].as_array().cloned().unwrap_or_default();
                let setting =
                    |item: &Json| item["section"].as_str().map_or(Json::Null, |name| self.settings[name].clone());
                let answer = match method {
                    "workspace/configuration" => sections.iter().map(setting).collect(),
                    _ => Json::Null,
                };
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": answer }));
            }
            _ => {}
        }
        message
    }
}

impl Drop for LanguageServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn at(path: &str, line: u64, column: u64) -> Json {
    let position = json!({ "line": line - 1, "character": column - 1 });
    json!({ "textDocument": { "uri": format!("file:///release/{path}") }, "position": position })
}

/// Reads a message: headers, an empty line, as many bytes as the headers say.
fn read(output: &mut BufReader<ChildStdout>) -> Option<Json> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
