//! What stops the building of a tree, in words.

use std::ops::Range;

use saphyr_parser::ScanError;

use super::DEEPEST;
use super::builder::{Builder, Stopped};
use crate::code::Code;

impl Builder<'_, '_> {
    pub(super) fn complex_key(&mut self, span: Range<usize>) -> Stopped {
        self.stop(
            Code::YamlSyntax,
            span,
            "A map or list stands here as a key.".to_owned(),
            "Quote a value that begins with `{{`: \"{{form1.username}}\".",
        )
    }

    pub(super) fn too_deep(&mut self, span: Range<usize>) -> Stopped {
        self.stop(
            Code::TooDeep,
            span,
            format!("Maps and lists nest deeper than {DEEPEST} here."),
            "Flatten the value.",
        )
    }

    pub(super) fn syntax(&mut self, error: &ScanError) -> Stopped {
        let start = self.text.byte(error.marker().index());
        if error.info() == "recursion limit exceeded" {
            return self.too_deep(start..start);
        }
        let line = self.text.line_at(start);
        let help = if line.contains(": {{") || line.contains("- {{") {
            "Quote a value that begins with `{{`: \"{{form1.username}}\"."
        } else if line.trim_start_matches(' ').starts_with('\t') {
            "Indent with spaces; YAML takes no tabs there."
        } else {
            "Look at the indentation, the quotes and the brackets just before this place."
        };
        let message = format!("This cannot be read as YAML: {}.", error.info());
        self.stop(Code::YamlSyntax, start..start, message, help)
    }

    pub(super) fn stop(
        &mut self,
        code: Code,
        span: Range<usize>,
        message: String,
        help: &str,
    ) -> Stopped {
        self.report.add(code, span, "", message, help);
        Stopped
    }
}
