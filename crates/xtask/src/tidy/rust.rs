//! Rust as tokens: enough to find words, functions and their lengths.
//!
//! In:  the text of a source that compiles.
//! Out: tokens with their lines, with or without the tests. Comments are gone; a string or a character is one token,
//!      its quotes included.
//!
//! Invariant: what stands in a comment or in quotes is never taken for code. This is no parser: it knows brackets,
//! not grammar.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    Lifetime,
    Quoted,
    Sign,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub line: usize,
}

impl Token<'_> {
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Quoted && self.text == text
    }
}

/// Signs of two characters that must not be taken for two signs: the `>` of an arrow closes nothing.
const PAIRS: &[&str] = &["::", "->", "=>"];

pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let rest = &text[at..];
        let (kind, length) = match comment_or_space(rest) {
            Some(length) => (None, length),
            None => {
                let after_dot = tokens.last().is_some_and(|it| it.is("."));
                let (kind, length) = token(rest, if after_dot { Digits::Index } else { Digits::Number });
                (Some(kind), length)
            }
        };
        let piece = &rest[..length];
        if let Some(kind) = kind {
            tokens.push(Token { kind, text: piece, line });
        }
        line += piece.matches('\n').count();
        at += length;
    }
    tokens
}

/// What digits mean here: `1.5` is a number, but `pair.0.1` is two indexes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Digits {
    Number,
    Index,
}

fn comment_or_space(rest: &str) -> Option<usize> {
    let space = rest.len() - rest.trim_start().len();
    if space > 0 {
        Some(space)
    } else if rest.starts_with("//") {
        Some(rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        Some(block_comment(rest))
    } else {
        None
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if here.starts_with(b"*/") {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The token at the start of `rest`, which is neither space nor comment.
fn token(rest: &str, digits: Digits) -> (Kind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    if let Some(length) = string(rest) {
        (Kind::Quoted, length)
    } else if first == '\'' {
        character_or_lifetime(rest)
    } else if first.is_ascii_digit() {
        (Kind::Number, number(rest, digits))
    } else if is_word(first) {
        let raw = if rest.starts_with("r#") { 2 } else { 0 };
        (Kind::Word, raw + word_length(&rest[raw..]))
    } else {
        let pair = PAIRS.iter().any(|it| rest.starts_with(it));
        (Kind::Sign, if pair { 2 } else { first.len_utf8() })
    }
}

fn is_word(it: char) -> bool {
    it == '_' || it.is_alphanumeric()
}

fn word_length(rest: &str) -> usize {
    rest.find(|it| !is_word(it)).unwrap_or(rest.len())
}

fn number(rest: &str, digits: Digits) -> usize {
    let whole = word_length(rest);
    let fraction = &rest[whole..];
    let has_fraction = fraction.starts_with('.') && fraction[1..].starts_with(|it: char| it.is_ascii_digit());
    match digits {
        Digits::Number if has_fraction => whole + 1 + word_length(&fraction[1..]),
        Digits::Number | Digits::Index => whole,
    }
}

/// The length of a string literal of any sort: plain, byte, C and raw.
fn string(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|it| rest.starts_with(it))?;
    let marked = &rest[prefix.len()..];
    let hashes = marked.len() - marked.trim_start_matches('#').len();
    if !marked[hashes..].starts_with('"') || (hashes > 0 && !prefix.ends_with('r')) {
        return None;
    }
    let open = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        return Some(rest[open..].find(&close).map_or(rest.len(), |it| open + it + close.len()));
    }
    Some(open + quoted_until(&rest[open..], b'"'))
}

/// How far it is to the end of what began with `quote`, the closing quote included.
fn quoted_until(rest: &str, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `'a'` and `'\n'` are characters, `'a` is a lifetime. The `b` of `b'a'` was read as a word before.
fn character_or_lifetime(rest: &str) -> (Kind, usize) {
    let mut inside = rest[1..].chars();
    let first = inside.next();
    if first == Some('\\') || inside.next() == Some('\'') {
        return (Kind::Quoted, 1 + quoted_until(&rest[1..], b'\''));
    }
    (Kind::Lifetime, 1 + word_length(&rest[1..]))
}

/// A function: its name, where its parameters are, and its body when it has one.
#[derive(Clone, Debug)]
pub struct Function<'a> {
    pub name: &'a str,
    pub line: usize,
    /// The index of the token `fn`.
    pub at: usize,
    pub parameters: Range<usize>,
    /// From the line of `fn` to the line of its closing brace; 0 without a body.
    pub lines: usize,
}

pub fn functions<'a>(tokens: &[Token<'a>]) -> Vec<Function<'a>> {
    (0..tokens.len()).filter_map(|at| function(tokens, at)).collect()
}

fn function<'a>(tokens: &[Token<'a>], at: usize) -> Option<Function<'a>> {
    let name = tokens.get(at + 1).filter(|it| it.kind == Kind::Word)?;
    if !tokens[at].is("fn") {
        return None;
    }
    let open = skip_generics(tokens, at + 2);
    if !tokens.get(open)?.is("(") {
        return None;
    }
    let close = closing(tokens, open);
    let mut next = close + 1;
    while next < tokens.len() && !tokens[next].is("{") && !tokens[next].is(";") {
        next =
            if tokens[next].is("(") || tokens[next].is("[") { closing(tokens, next) + 1 } else { next + 1 };
    }
    let has_body = tokens.get(next).is_some_and(|it| it.is("{"));
    let end = if has_body { tokens.get(closing(tokens, next)) } else { None };
    let lines = end.map_or(0, |it| it.line - tokens[at].line + 1);
    Some(Function { name: name.text, line: tokens[at].line, at, parameters: open + 1..close, lines })
}

/// The index after `<...>` when it stands at `at`, or `at`.
pub fn skip_generics(tokens: &[Token], at: usize) -> usize {
    if tokens.get(at).is_some_and(|it| it.is("<")) { closing(tokens, at) + 1 } else { at }
}

/// The index of the bracket that closes the one at `open`, of its own sort; the last token when there is none.
pub fn closing(tokens: &[Token], open: usize) -> usize {
    let opening = tokens[open].text;
    let wanted = match opening {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        _ => ">",
    };
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is(opening) {
            depth += 1;
        } else if token.is(wanted) {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len().saturating_sub(1)
}

/// The code less what is there for tests only.
pub fn without_tests<'a>(code: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut kept = Vec::new();
    let mut from = 0;
    for span in test_spans(code) {
        kept.extend_from_slice(&code[from..span.start]);
        from = span.end;
    }
    kept.extend_from_slice(&code[from..]);
    kept
}

/// Where the items stand that `#[cfg(test)]` marks, the attribute included.
pub fn test_spans(code: &[Token]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    for at in 0..code.len() {
        let is_inside = spans.last().is_some_and(|it| at < it.end);
        let marks =
            || code[at..].iter().map(|it| it.text).take(TEST_MARK.len()).eq(TEST_MARK.iter().copied());
        if !is_inside && marks() {
            spans.push(at..end_of_item(code, at + TEST_MARK.len()));
        }
    }
    spans
}

const TEST_MARK: &[&str] = &["#", "[", "cfg", "(", "test", ")", "]"];

/// The index after the item at `at`: after its `;`, or after the brace that closes it.
fn end_of_item(code: &[Token], at: usize) -> usize {
    let mut next = at;
    while let Some(token) = code.get(next) {
        match token.text {
            ";" => return next + 1,
            "{" => return closing(code, next) + 1,
            "(" | "[" => next = closing(code, next) + 1,
            _ => next += 1,
        }
    }
    code.len()
}
