//! Tokens to nodes.
//!
//! No recursion: what is open is on a stack of [`Frame`]s, so nesting costs memory and never the stack. Each frame says
//! what may come next in its collection; [`Composer::step`] does one such step. How many may be open is counted here, over
//! both spellings and through aliases; the bound is in [`limits`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::SyntaxError;
use super::scanner::Scanner;
use super::token::{Token, TokenKind};
use crate::yaml::limits;
use crate::yaml::tree::{Kind, Raw, Style, Tree};

const STANDARD_TAGS: &str = "tag:yaml.org,2002:";

/// The tree of the first document.
pub fn compose(text: &str) -> Result<Tree<'_>, SyntaxError> {
    let mut composer = Composer {
        scanner: Scanner::new(text),
        tree: Tree::default(),
        frames: Vec::new(),
        anchors: BTreeMap::new(),
        heights: BTreeMap::new(),
        handles: BTreeMap::new(),
    };
    // Canonical text has a node every 20 bytes or so, other text seldom more.
    composer.tree.nodes.reserve(text.len() / 24);
    composer.document()?;
    Ok(composer.tree)
}

/// An open collection and what comes next in it.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: u32,
    state: State,
    /// Levels of collections in it, itself among them.
    height: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    BlockSequence,
    /// A sequence at the indentation of the mapping that holds it.
    IndentlessSequence,
    BlockKey,
    BlockValue,
    FlowSequenceFirst,
    FlowSequence,
    /// `[a: b]`: a mapping of one pair within a sequence.
    PairKey,
    PairValue,
    PairEnd,
    FlowKeyFirst,
    FlowKey,
    FlowValue,
    /// The value of a flow mapping's entry without a colon.
    FlowNoValue,
}

/// Where a node may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Block,
    /// In a block mapping, where a sequence needs no indentation of its own.
    BlockOrIndentless,
    Flow,
}

struct Composer<'t> {
    scanner: Scanner<'t>,
    tree: Tree<'t>,
    frames: Vec<Frame>,
    anchors: BTreeMap<&'t str, u32>,
    /// Levels of collections in anchored nodes; none in scalars.
    heights: BTreeMap<u32, usize>,
    handles: BTreeMap<&'t str, String>,
}

fn error<T>(token: &Token<'_>, message: impl Into<String>) -> Result<T, SyntaxError> {
    Err(SyntaxError { message: message.into(), offset: token.start })
}

impl<'t> Composer<'t> {
    fn document(&mut self) -> Result<(), SyntaxError> {
        let first = self.scanner.peek()?;
        let explicit =
            matches!(first.kind, TokenKind::Version(..) | TokenKind::TagDirective(..) | TokenKind::DocumentStart);
        match first.kind {
            TokenKind::StreamEnd => return Ok(()),
            _ if explicit => {
                self.directives()?;
                let token = self.scanner.take()?;
                if token.kind != TokenKind::DocumentStart {
                    return error(&token, "did not find expected <document start>");
                }
                let next = self.scanner.peek()?;
                if matches!(
                    next.kind,
                    TokenKind::Version(..)
                        | TokenKind::TagDirective(..)
                        | TokenKind::DocumentStart
                        | TokenKind::DocumentEnd
                        | TokenKind::StreamEnd
                ) {
                    let start = next.start;
                    self.empty(start);
                    return Ok(());
                }
            }
            _ => {}
        }
        self.node(Context::Block)?;
        while let Some(frame) = self.frames.last().copied() {
            self.step(frame)?;
            if self.tree.nodes.len() > limits::NODES {
                let message = format!("more than {} lists, maps and scalars in one document", limits::NODES);
                return error(self.scanner.peek()?, message);
            }
        }
        // The reference looks at the token behind the document before it is content.
        self.scanner.peek()?;
        Ok(())
    }

    fn directives(&mut self) -> Result<(), SyntaxError> {
        let mut versioned = false;
        while matches!(self.scanner.peek()?.kind, TokenKind::Version(..) | TokenKind::TagDirective(..)) {
            let token = self.scanner.take()?;
            match token.kind {
                TokenKind::Version(..) if versioned => return error(&token, "found duplicate %YAML directive"),
                TokenKind::Version(1, 1) => versioned = true,
                TokenKind::Version(..) => {
                    return error(&token, "found incompatible YAML document: its version is not 1.1");
                }
                TokenKind::TagDirective(handle, ref prefix)
                    if self.handles.insert(handle, prefix.clone()).is_some() =>
                {
                    return error(&token, "found duplicate %TAG directive");
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, style: Style, start: usize, text: Cow<'t, str>) -> u32 {
        let index = self.tree.nodes.len() as u32;
        self.tree.nodes.push(Raw { kind, style, tagged: false, start: start as u32, end: index + 1, text });
        index
    }

    /// A node that is not there: an empty plain scalar.
    fn empty(&mut self, start: usize) {
        self.push(Kind::Scalar, Style::Plain, start, Cow::Borrowed(""));
    }

    fn open(&mut self, kind: Kind, start: usize, state: State) -> Result<u32, SyntaxError> {
        let node = self.push(kind, Style::Plain, start, Cow::Borrowed(""));
        // Unknown until it is closed; an alias to it meanwhile is an alias to itself.
        self.tree.nodes[node as usize].end = 0;
        self.frames.push(Frame { node, state, height: 1 });
        check_nesting(self.frames.len(), start)?;
        Ok(node)
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.tree.nodes[frame.node as usize].end = self.tree.nodes.len() as u32;
            if let Some(height) = self.heights.get_mut(&frame.node) {
                *height = frame.height;
            }
            self.raise(frame.height);
        }
    }

    /// Notes that what is open holds something with this many levels.
    fn raise(&mut self, height: usize) {
        if let Some(outer) = self.frames.last_mut() {
            outer.height = outer.height.max(height + 1);
        }
    }

    fn become_state(&mut self, state: State) {
        if let Some(frame) = self.frames.last_mut() {
            frame.state = state;
        }
    }

    /// One node, or the beginning of one with the rest on the stack.
    fn node(&mut self, context: Context) -> Result<(), SyntaxError> {
        let mut anchor = None;
        let mut tag = None;
        let mut start = None;
        loop {
            match self.scanner.peek()?.kind {
                TokenKind::Alias(name) if anchor.is_none() && tag.is_none() => {
                    let token = self.scanner.take()?;
                    return self.alias(&token, name);
                }
                TokenKind::Anchor(name) if anchor.is_none() => {
                    start.get_or_insert(self.scanner.take()?.start);
                    anchor = Some(name);
                }
                TokenKind::Tag(..) if tag.is_none() => {
                    let token = self.scanner.take()?;
                    start.get_or_insert(token.start);
                    tag = Some(self.long_tag(token)?);
                }
                _ => break,
            }
        }
        let bare = anchor.is_none() && tag.is_none();
        let index = self.content(context, bare, start)?;
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, index);
            self.heights.insert(index, 0);
        }
        if let Some(tag) = tag {
            self.tree.nodes[index as usize].tagged = true;
            self.tree.tags.push((index, tag));
        }
        Ok(())
    }

    fn content(&mut self, context: Context, bare: bool, start: Option<usize>) -> Result<u32, SyntaxError> {
        let block = context != Context::Flow;
        let next = self.scanner.peek()?;
        let start = start.unwrap_or(next.start);
        let (kind, state) = match next.kind {
            // The dash belongs to the sequence and is taken with the item.
            TokenKind::BlockEntry if context == Context::BlockOrIndentless => {
                return self.open(Kind::Sequence, start, State::IndentlessSequence);
            }
            TokenKind::Scalar(..) => {
                let TokenKind::Scalar(text, style) = self.scanner.take()?.kind else { return Ok(0) };
                return Ok(self.push(Kind::Scalar, style, start, text));
            }
            TokenKind::FlowSequenceStart => (Kind::Sequence, State::FlowSequenceFirst),
            TokenKind::FlowMappingStart => (Kind::Mapping, State::FlowKeyFirst),
            TokenKind::BlockSequenceStart if block => (Kind::Sequence, State::BlockSequence),
            TokenKind::BlockMappingStart if block => (Kind::Mapping, State::BlockKey),
            _ if !bare => {
                let index = self.tree.nodes.len() as u32;
                self.empty(start);
                return Ok(index);
            }
            _ => return error(next, "did not find expected node content"),
        };
        self.scanner.take()?;
        self.open(kind, start, state)
    }

    fn alias(&mut self, token: &Token<'t>, name: &str) -> Result<(), SyntaxError> {
        let Some(target) = self.anchors.get(name).copied() else {
            return error(token, format!("unknown anchor '{name}' referenced"));
        };
        if self.tree.nodes[target as usize].end == 0 {
            return error(token, format!("anchor '{name}' value contains itself"));
        }
        let height = self.heights.get(&target).copied().unwrap_or(0);
        check_nesting(self.frames.len() + height, token.start)?;
        self.raise(height);
        let index = self.push(Kind::Alias, Style::Plain, token.start, Cow::Borrowed(""));
        self.tree.nodes[index as usize].end = target;
        self.tree.aliased = true;
        Ok(())
    }

    fn long_tag(&self, token: Token<'t>) -> Result<Box<str>, SyntaxError> {
        let start = token.start;
        let TokenKind::Tag(handle, suffix) = token.kind else { return Ok("".into()) };
        let prefix = match (handle, self.handles.get(handle)) {
            ("", _) => "",
            (_, Some(prefix)) => prefix,
            ("!", None) => "!",
            ("!!", None) => STANDARD_TAGS,
            _ => return Err(SyntaxError { message: format!("found undefined tag handle {handle}"), offset: start }),
        };
        Ok(format!("{prefix}{suffix}").into())
    }

    fn step(&mut self, frame: Frame) -> Result<(), SyntaxError> {
        match frame.state {
            State::BlockSequence => self.block_sequence(),
            State::IndentlessSequence => self.indentless_sequence(),
            State::BlockKey => self.block_key(),
            State::BlockValue => self.block_value(),
            State::FlowSequenceFirst | State::FlowSequence => {
                self.flow_sequence(frame.state == State::FlowSequenceFirst)
            }
            State::PairKey => self.pair_key(),
            State::PairValue => self.pair_value(),
            State::PairEnd => {
                self.close();
                Ok(())
            }
            State::FlowKeyFirst | State::FlowKey => self.flow_key(frame.state == State::FlowKeyFirst),
            State::FlowValue => self.flow_value(),
            State::FlowNoValue => {
                let start = self.scanner.peek()?.start;
                self.become_state(State::FlowKey);
                self.empty(start);
                Ok(())
            }
        }
    }

    /// A node, unless the next token is one of those that leave its place empty.
    fn node_unless(&mut self, ends: fn(&TokenKind<'_>) -> bool, context: Context) -> Result<(), SyntaxError> {
        let next = self.scanner.peek()?;
        if ends(&next.kind) {
            let start = next.start;
            self.empty(start);
            Ok(())
        } else {
            self.node(context)
        }
    }

    fn block_sequence(&mut self) -> Result<(), SyntaxError> {
        let token = self.scanner.take()?;
        match token.kind {
            TokenKind::BlockEntry => {
                self.node_unless(|kind| matches!(kind, TokenKind::BlockEntry | TokenKind::BlockEnd), Context::Block)
            }
            TokenKind::BlockEnd => {
                self.close();
                Ok(())
            }
            _ => error(&token, "did not find expected '-' indicator"),
        }
    }

    fn indentless_sequence(&mut self) -> Result<(), SyntaxError> {
        if self.scanner.peek()?.kind != TokenKind::BlockEntry {
            self.close();
            return Ok(());
        }
        self.scanner.take()?;
        self.node_unless(
            |kind| matches!(kind, TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd),
            Context::Block,
        )
    }

    fn block_key(&mut self) -> Result<(), SyntaxError> {
        let token = self.scanner.take()?;
        match token.kind {
            TokenKind::Key => {
                self.become_state(State::BlockValue);
                self.node_unless(ends_block_part, Context::BlockOrIndentless)
            }
            TokenKind::BlockEnd => {
                self.close();
                Ok(())
            }
            _ => error(&token, "did not find expected key"),
        }
    }

    fn block_value(&mut self) -> Result<(), SyntaxError> {
        self.become_state(State::BlockKey);
        let next = self.scanner.peek()?;
        if next.kind == TokenKind::Value {
            self.scanner.take()?;
            return self.node_unless(ends_block_part, Context::BlockOrIndentless);
        }
        let start = next.start;
        self.empty(start);
        Ok(())
    }

    fn flow_sequence(&mut self, first: bool) -> Result<(), SyntaxError> {
        if !first && self.scanner.peek()?.kind != TokenKind::FlowSequenceEnd {
            let token = self.scanner.take()?;
            if token.kind != TokenKind::FlowEntry {
                return error(&token, "did not find expected ',' or ']'");
            }
        }
        self.become_state(State::FlowSequence);
        let next = self.scanner.peek()?;
        match next.kind {
            TokenKind::FlowSequenceEnd => {
                self.scanner.take()?;
                self.close();
                Ok(())
            }
            TokenKind::Key => {
                let start = self.scanner.take()?.start;
                self.open(Kind::Mapping, start, State::PairKey)?;
                Ok(())
            }
            _ => self.node(Context::Flow),
        }
    }

    fn pair_key(&mut self) -> Result<(), SyntaxError> {
        self.become_state(State::PairValue);
        let next = self.scanner.peek()?;
        if matches!(next.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            // The reference swallows this token, and so the value's colon with it.
            let start = self.scanner.take()?.start;
            self.empty(start);
            return Ok(());
        }
        self.node(Context::Flow)
    }

    fn pair_value(&mut self) -> Result<(), SyntaxError> {
        self.become_state(State::PairEnd);
        let next = self.scanner.peek()?;
        if next.kind == TokenKind::Value {
            self.scanner.take()?;
            return self
                .node_unless(|kind| matches!(kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd), Context::Flow);
        }
        let start = next.start;
        self.empty(start);
        Ok(())
    }

    fn flow_key(&mut self, first: bool) -> Result<(), SyntaxError> {
        if !first && self.scanner.peek()?.kind != TokenKind::FlowMappingEnd {
            let token = self.scanner.take()?;
            if token.kind != TokenKind::FlowEntry {
                return error(&token, "did not find expected ',' or '}'");
            }
        }
        match self.scanner.peek()?.kind {
            TokenKind::FlowMappingEnd => {
                self.scanner.take()?;
                self.close();
                Ok(())
            }
            TokenKind::Key => {
                self.scanner.take()?;
                self.become_state(State::FlowValue);
                self.node_unless(
                    |kind| matches!(kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd),
                    Context::Flow,
                )
            }
            _ => {
                self.become_state(State::FlowNoValue);
                self.node(Context::Flow)
            }
        }
    }

    fn flow_value(&mut self) -> Result<(), SyntaxError> {
        self.become_state(State::FlowKey);
        let next = self.scanner.peek()?;
        if next.kind == TokenKind::Value {
            self.scanner.take()?;
            return self
                .node_unless(|kind| matches!(kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd), Context::Flow);
        }
        let start = next.start;
        self.empty(start);
        Ok(())
    }
}

fn check_nesting(levels: usize, offset: usize) -> Result<(), SyntaxError> {
    if levels <= limits::NESTING {
        return Ok(());
    }
    Err(SyntaxError::new(offset, format!("lists and maps are nested more than {} levels deep", limits::NESTING)))
}

fn ends_block_part(kind: &TokenKind<'_>) -> bool {
    matches!(kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd)
}
