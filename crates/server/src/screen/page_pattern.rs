//! A definition's regular expression as the `pattern` of an input, where a browser reads it as we do: one that it would
//! read otherwise is left to the server, which has the last word anyway.

/// The pattern for a page; none where it cannot be said there. Browsers read it with the flag `v`.
pub(crate) fn page_pattern(pattern: &str) -> Option<String> {
    // Flags and named groups; classes by name; operators between classes.
    let ours = ["[:", "&&", "--", "~~"];
    if ours.iter().any(|one| pattern.contains(one)) || pattern.replace("(?:", "").contains("(?") {
        return None;
    }
    let mut page = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            page.push(letter);
            continue;
        }
        match letters.next()? {
            // Of all scripts, as we read it.
            'd' => page.push_str("\\p{Nd}"),
            'D' => page.push_str("\\P{Nd}"),
            's' => page.push_str("\\p{White_Space}"),
            'S' => page.push_str("\\P{White_Space}"),
            escaped if escaped.is_ascii_punctuation() => page.extend(['\\', escaped]),
            _ => return None,
        }
    }
    Some(page)
}

#[cfg(test)]
mod tests {
    use super::page_pattern;

    #[test]
    fn only_what_a_browser_reads_alike_goes_to_the_page() {
        let table = [
            ("[0-9]{6}", Some("[0-9]{6}")),
            (r"\d{6}", Some(r"\p{Nd}{6}")),
            (r"(?:a|b)\.\S+", Some(r"(?:a|b)\.\P{White_Space}+")),
            (r"(?i)abc", None),
            (r"(?P<year>\d+)", None),
            (r"[[:alpha:]]+", None),
            (r"[a-z&&[^b]]", None),
            (r"\w+", None),
            (r"\bword\b", None),
            (r"\x41", None),
        ];
        for (pattern, expected) in table {
            assert_eq!(page_pattern(pattern).as_deref(), expected, "{pattern}");
        }
    }
}
