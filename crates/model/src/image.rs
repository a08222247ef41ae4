//! An image that a form shows: read from text, and judged by its bytes, as whoever sends it may call it anything.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::STANDARD as PADDED;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The most that an image may have, in bytes.
pub const LARGEST_IMAGE: usize = 256 * 1024;

/// Takes base64 with and without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its format.
    pub format: ImageFormat,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// The formats that are shown. SVG is none of them: it can hold scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

/// Why a text is no image that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// It is the address of an image.
    #[error("it is an address, and no page loads images from elsewhere")]
    Address,
    /// It is neither a `data:` URL nor base64.
    #[error("it is neither base64 nor a `data:` URL with base64 in it")]
    NotBase64,
    /// Its bytes are of another format.
    #[error("it is neither PNG, JPEG, GIF nor WebP")]
    OtherFormat,
    /// It is too large.
    #[error("it has more than {} KiB", LARGEST_IMAGE / 1024)]
    TooLarge,
}

impl ImageError {
    /// What to do about it.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Address => {
                "Fetch it by an `api_request` step, and show that step's `body`: `{{captcha.body}}`."
            }
            Self::NotBase64 | Self::OtherFormat => {
                "Show the bytes of a PNG, JPEG, GIF or WebP image in base64, or a `data:` URL of them."
            }
            Self::TooLarge => "Let the API give a smaller one.",
        }
    }
}

impl ImageFormat {
    /// The format that these bytes begin like.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::Webp),
            _ => None,
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    /// The usual end of a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }
}

impl Image {
    /// Reads base64 of either alphabet, padded or not, or a `data:` URL (RFC 2397) with it.
    ///
    /// # Errors
    /// It is no image of [`ImageFormat`], or too large.
    pub fn read(text: &str) -> Result<Self, ImageError> {
        let text = text.trim();
        let encoded = match text.split_once(',') {
            Some((head, rest)) if starts_with(head, "data:") => {
                if !head.to_ascii_lowercase().ends_with(";base64") {
                    return Err(ImageError::NotBase64);
                }
                rest
            }
            _ if starts_with(text, "http://") || starts_with(text, "https://") => {
                return Err(ImageError::Address);
            }
            _ => text,
        };
        if encoded.len() > LARGEST_IMAGE * 2 {
            return Err(ImageError::TooLarge);
        }
        let encoded: String = encoded
            .chars()
            .filter(|c| !c.is_ascii_whitespace())
            .map(|c| match c {
                '-' => '+',
                '_' => '/',
                c => c,
            })
            .collect();
        let bytes = LENIENT.decode(encoded);
        Self::of(bytes.map_err(|_| ImageError::NotBase64)?)
    }

    /// The image of these bytes.
    ///
    /// # Errors
    /// They are no image of [`ImageFormat`], or too many.
    pub fn of(bytes: Vec<u8>) -> Result<Self, ImageError> {
        if bytes.len() > LARGEST_IMAGE {
            return Err(ImageError::TooLarge);
        }
        let format = ImageFormat::of(&bytes).ok_or(ImageError::OtherFormat)?;
        Ok(Self { format, bytes })
    }

    /// It as a `data:` URL, its type told by its bytes.
    #[must_use]
    pub fn data_url(&self) -> String {
        let encoded = PADDED.encode(&self.bytes);
        format!("data:{};base64,{encoded}", self.format.media_type())
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest\xff\xfe";

    #[test]
    fn an_image_is_what_its_bytes_are() {
        let padded = PADDED.encode(PNG);
        let bare = padded
            .trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_");
        let wrapped = padded.as_bytes().chunks(8);
        let wrapped: Vec<_> = wrapped.map(|part| String::from_utf8_lossy(part)).collect();
        for text in [
            padded.clone(),
            bare,
            wrapped.join("\r\n"),
            format!("data:image/png;base64,{padded}"),
            // What it calls itself is not believed.
            format!("DATA:text/html;charset=x;BASE64,{padded}"),
        ] {
            let image = Image::read(&text).unwrap();
            assert_eq!(
                (image.format, image.bytes.as_slice()),
                (ImageFormat::Png, PNG)
            );
            assert_eq!(image.data_url(), format!("data:image/png;base64,{padded}"));
        }
        let formats: [(&[u8], &str); 3] = [
            (b"\xff\xd8\xff\xe0", "jpg"),
            (b"GIF89a..", "gif"),
            (b"RIFF0000WEBPVP8 ", "webp"),
        ];
        for (bytes, extension) in formats {
            assert_eq!(
                Image::of(bytes.to_vec()).unwrap().format.extension(),
                extension
            );
        }
    }

    #[test]
    fn what_is_no_image_is_told_apart() {
        let svg = PADDED.encode("<svg onload=alert(1)>");
        let large = PADDED.encode([PNG, &vec![0; LARGEST_IMAGE]].concat());
        let table = [
            ("https://a.example/captcha.png", ImageError::Address),
            ("data:image/png,%89PNG", ImageError::NotBase64),
            ("type these letters!", ImageError::NotBase64),
            (
                &format!("data:image/svg+xml;base64,{svg}"),
                ImageError::OtherFormat,
            ),
            ("", ImageError::OtherFormat),
            (&large, ImageError::TooLarge),
            (&"A".repeat(LARGEST_IMAGE * 3), ImageError::TooLarge),
        ];
        for (text, expected) in table {
            assert_eq!(Image::read(text), Err(expected));
        }
    }
}
