//! Builds the tree out of YAML events, stopping where a text unfolds or nests without end.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::Value;

use super::{DEEPEST, Entry, LARGEST_TEXT, MOST_NODES, Node, NodeValue, json, scalar};
use crate::code::Code;
use crate::report::Report;
use crate::text::Text;

/// Ends the reading; the problem was noted before.
pub(super) struct Stopped;

/// Builds one tree.
pub(super) struct Builder<'t, 'r> {
    pub(super) text: &'t Text<'t>,
    pub(super) report: &'r mut Report<'t>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

enum Open {
    List(Range<usize>, usize, Vec<Node>),
    Map(
        Range<usize>,
        usize,
        Vec<Entry>,
        HashSet<String>,
        Option<Key>,
    ),
}

struct Key {
    name: String,
    span: Range<usize>,
    duplicate: bool,
}

impl<'t, 'r> Builder<'t, 'r> {
    /// A builder over the text of a report.
    pub(super) fn new(report: &'r mut Report<'t>) -> Self {
        Self {
            text: report.text(),
            report,
            anchors: HashMap::new(),
            nodes: 0,
        }
    }

    /// The tree of the one document; none where there is none.
    pub(super) fn document(&mut self) -> Result<Option<Node>, Stopped> {
        let source = self.text.source();
        if source.len() > LARGEST_TEXT {
            return Err(self.stop(
                Code::TooLarge,
                0..0,
                "The definition is larger than 1 MiB.".to_owned(),
                "Take out what is not part of it; one definition describes one API.",
            ));
        }
        let mut parser = Parser::new_from_str(self.text.without_mark());
        let mut open: Vec<Open> = Vec::new();
        let mut root: Option<Node> = None;
        let mut documents = 0;
        loop {
            let (event, span) = match parser.next_event() {
                None => break,
                Some(Ok(event)) => event,
                Some(Err(error)) => {
                    return self.as_json(&error).map(Some);
                }
            };
            let span = self.text.byte(span.start.index())..self.text.byte(span.end.index());
            let done = match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(self.stop(
                            Code::SeveralDocuments,
                            span,
                            "A second document begins here.".to_owned(),
                            "Keep one definition per file and remove the `---` between them.",
                        ));
                    }
                    None
                }
                Event::Scalar(raw, style, anchor, tag) => {
                    let span = span.start..self.text.quote_end(&span);
                    self.count(1, &span)?;
                    let node = self.scalar(&raw, style, tag.as_deref(), span)?;
                    self.remember(anchor, &node)?;
                    Some(node)
                }
                Event::SequenceStart(anchor, tag) => {
                    self.enter(open.len(), tag.as_deref(), &span)?;
                    open.push(Open::List(span, anchor, Vec::new()));
                    None
                }
                Event::MappingStart(anchor, tag) => {
                    self.enter(open.len(), tag.as_deref(), &span)?;
                    open.push(Open::Map(span, anchor, Vec::new(), HashSet::new(), None));
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let (start, anchor, value) = match open.pop() {
                        Some(Open::List(start, anchor, items)) => {
                            (start, anchor, NodeValue::List(items))
                        }
                        Some(Open::Map(start, anchor, entries, ..)) => {
                            (start, anchor, NodeValue::Map(entries))
                        }
                        None => continue,
                    };
                    let end = self.text.trim_end(start.start, span.end);
                    let node = Node::new(start.start..end, value);
                    self.remember(anchor, &node)?;
                    Some(node)
                }
                Event::Alias(anchor) => Some(self.alias(anchor, &span)?),
                _ => None,
            };
            if let Some(node) = done {
                self.place(node, &mut open, &mut root)?;
            }
        }
        Ok(root)
    }

    fn place(
        &mut self,
        node: Node,
        open: &mut [Open],
        root: &mut Option<Node>,
    ) -> Result<(), Stopped> {
        match open.last_mut() {
            None => *root = Some(node),
            Some(Open::List(_, _, items)) => items.push(node),
            Some(Open::Map(_, _, entries, _, key @ Some(_))) => {
                if let Some(key) = key.take().filter(|key| !key.duplicate) {
                    entries.push(Entry {
                        key: key.name,
                        key_span: key.span,
                        value: node,
                    });
                }
            }
            Some(Open::Map(_, _, _, seen, key @ None)) => {
                let NodeValue::Scalar { raw, .. } = node.value else {
                    return Err(self.complex_key(node.span));
                };
                if raw == "<<" {
                    return Err(self.stop(
                        Code::MergeKey,
                        node.span,
                        "Merge keys (`<<`) are not part of YAML 1.2.".to_owned(),
                        "Write the keys out, or use an alias for a whole value.",
                    ));
                }
                let duplicate = !seen.insert(raw.clone());
                if duplicate {
                    self.duplicate(&raw, node.span.clone());
                }
                *key = Some(Key {
                    name: raw,
                    span: node.span,
                    duplicate,
                });
            }
        }
        Ok(())
    }

    fn enter(
        &mut self,
        depth: usize,
        tag: Option<&Tag>,
        span: &Range<usize>,
    ) -> Result<(), Stopped> {
        self.count(1, span)?;
        self.check_tag(tag, span)?;
        if depth >= DEEPEST {
            return Err(self.too_deep(span.clone()));
        }
        Ok(())
    }

    fn count(&mut self, more: usize, span: &Range<usize>) -> Result<(), Stopped> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > MOST_NODES {
            return Err(self.stop(
                Code::TooManyNodes,
                span.clone(),
                format!("The definition unfolds to more than {MOST_NODES} values."),
                "Use fewer aliases (`*name`), or write a smaller definition.",
            ));
        }
        Ok(())
    }

    /// Keeps a node for its aliases. The copy counts as much as the node does.
    fn remember(&mut self, anchor: usize, node: &Node) -> Result<(), Stopped> {
        if anchor > 0 {
            self.count(node.size, &node.span)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: &Range<usize>) -> Result<Node, Stopped> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            return Err(self.stop(
                Code::YamlSyntax,
                span.clone(),
                "This alias stands inside the value that it names.".to_owned(),
                "Write the value out.",
            ));
        };
        self.count(node.size, span)?;
        Ok(node)
    }

    fn scalar(
        &mut self,
        raw: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Result<Node, Stopped> {
        self.check_tag(tag, &span)?;
        let forced = tag.is_some_and(|tag| tag.suffix == "str");
        let value = if style == ScalarStyle::Plain && !forced {
            scalar::plain(raw)
        } else {
            Value::String(raw.to_owned())
        };
        Ok(Node::text_at(span, value, raw.to_owned()))
    }

    fn check_tag(&mut self, tag: Option<&Tag>, span: &Range<usize>) -> Result<(), Stopped> {
        match tag {
            Some(tag) if !tag.is_yaml_core_schema() && tag.handle != "!!" => Err(self.stop(
                Code::YamlTag,
                span.clone(),
                format!("The tag `{tag}` has no meaning here."),
                "Remove the tag; quote the value if it is meant as a text.",
            )),
            _ => Ok(()),
        }
    }

    /// The text as strict JSON, where the YAML reader gave up over it.
    fn as_json(&mut self, error: &saphyr_parser::ScanError) -> Result<Node, Stopped> {
        let Some(parsed) = json::parse(self.text) else {
            return Err(self.syntax(error));
        };
        for (key, span) in parsed.duplicates {
            self.duplicate(&key, span);
        }
        self.count(parsed.root.size, &parsed.root.span)?;
        Ok(parsed.root)
    }

    fn duplicate(&mut self, key: &str, span: Range<usize>) {
        self.report.add(
            Code::DuplicateKey,
            span,
            "",
            format!("The key `{key}` stands here a second time."),
            "Remove one of the two; the first one counts until then.",
        );
    }
}
