//! `multipart/form-data` (RFC 7578) with parts of text.

use bytes::Bytes;

/// The content type and the body.
pub(crate) fn multipart(parts: &[(String, String)], boundary: &str) -> (String, Bytes) {
    let mut body = String::new();
    for (name, value) in parts {
        body.push_str("--");
        body.push_str(boundary);
        body.push_str("\r\nContent-Disposition: form-data; name=\"");
        body.push_str(&part_name(name));
        body.push_str("\"\r\n\r\n");
        body.push_str(value);
        body.push_str("\r\n");
    }
    body.push_str("--");
    body.push_str(boundary);
    body.push_str("--\r\n");
    (
        format!("multipart/form-data; boundary={boundary}"),
        Bytes::from(body),
    )
}

/// A name as browsers write it (HTML, multipart/form-data encoding algorithm), so that none can
/// end its own quotes or line.
fn part_name(name: &str) -> String {
    name.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_cannot_leave_its_place() {
        let parts = [
            ("user".to_owned(), "al\r\nice".to_owned()),
            ("a\"b\r\nX: y".to_owned(), String::new()),
        ];
        let (content_type, body) = multipart(&parts, "B");
        assert_eq!(content_type, "multipart/form-data; boundary=B");
        assert_eq!(
            std::str::from_utf8(&body).unwrap(),
            "--B\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nal\r\nice\r\n\
             --B\r\nContent-Disposition: form-data; name=\"a%22b%0D%0AX: y\"\r\n\r\n\r\n\
             --B--\r\n"
        );
    }
}
