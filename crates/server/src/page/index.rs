//! The document around the page's files, under a policy that runs no script and no style but ours.
//!
//! Components add styles while they run, so each answer has a nonce of its own, and is not stored.

use axum::response::{Html, IntoResponse, Response};
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};

/// What the built document has in the nonce's place.
const PLACE: &str = "STEPGATE_NONCE";

/// The document, between the places of its nonce.
#[derive(Debug)]
pub(crate) struct Index {
    pieces: Vec<String>,
}

impl Index {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            pieces: text.split(PLACE).map(str::to_owned).collect(),
        }
    }

    /// The document with this nonce.
    pub(crate) fn response(&self, nonce: &str) -> Response {
        let mut response = Html(self.pieces.join(nonce)).into_response();
        let headers = response.headers_mut();
        if let Ok(policy) = HeaderValue::try_from(policy(nonce)) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        response
    }
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn each_answer_has_a_nonce_of_its_own_and_no_script_is_inline() {
        let index = Index::new("<meta nonce=\"STEPGATE_NONCE\"><link nonce=\"STEPGATE_NONCE\">");
        let response = index.response("abc");
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.contains("style-src 'self' 'nonce-abc';"), "{policy}");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(response.headers()["x-frame-options"], "DENY");
        assert_eq!(index.pieces.join("abc").matches("nonce=\"abc\"").count(), 2);
    }
}
