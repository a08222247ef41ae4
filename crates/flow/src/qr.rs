//! Addresses as QR codes, for terminals and for pages.

use qrcode::render::{svg, unicode::Dense1x2};
use qrcode::{EcLevel, QrCode};

/// A QR code of half blocks, light on dark as terminals mostly are; none for what is too long.
#[must_use]
pub fn qr_text(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    Some(drawn)
}

/// A QR code as an `svg` element, dark on white whatever the page's colours; none for what is too long.
#[must_use]
pub fn qr_svg(text: &str) -> Option<String> {
    const SIDE: u32 = 220;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let document = code
        .render::<svg::Color<'_>>()
        .min_dimensions(SIDE, SIDE)
        .build();
    // Without the prolog, which stands in a document of its own only.
    let begin = document.find("<svg")?;
    document.get(begin..).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_code_and_nothing_of_it_markup() {
        let text = "https://id.example.org/device?user_code=<WDJB-MJHT>";
        let drawn = qr_text(text).unwrap();
        assert!(drawn.lines().count() > 10 && drawn.contains('█'));
        let page = qr_svg(text).unwrap();
        assert!(
            page.starts_with("<svg") && page.ends_with("</svg>"),
            "{page}"
        );
        assert!(!page.contains("WDJB"));
        assert_eq!(qr_text(&"x".repeat(5000)), None);
    }
}
