//! What a form shows, at the terminal: texts, QR codes, and images as files to open.

use std::io;

use flow::{Exhibited, Prompt};
use model::Image;
use owo_colors::OwoColorize;
use tempfile::{Builder, TempDir};

use crate::ending::Complaint;
use crate::terminal::{Terminal, plain};

/// Prints everything. Images are in the folder that comes back, until it is dropped.
pub(crate) fn show(terminal: Terminal, prompt: &Prompt) -> Result<Option<TempDir>, Complaint> {
    let mut folder = None;
    for (index, exhibit) in prompt.show.iter().enumerate() {
        if let Some(label) = &exhibit.label {
            terminal.say(&plain(label));
        }
        match &exhibit.shown {
            Exhibited::Text(text) => terminal.say(&format!("  {}", plain(text).bold())),
            Exhibited::Qr(text) => {
                if let Some(drawn) = flow::qr_text(text) {
                    terminal.say(&drawn);
                }
                terminal.say(&format!("  {}", plain(text)));
            }
            Exhibited::Image(url) => {
                let path = save(&mut folder, index, url).map_err(|error| {
                    Complaint::ours("terminal", format!("cannot save an image: {error}"))
                        .help("give a folder that can be written to by TMPDIR")
                })?;
                terminal.say(&format!("Open this image to see it: {path}"));
            }
        }
    }
    Ok(folder)
}

/// Saves an image where only this user reads it; its path.
fn save(folder: &mut Option<TempDir>, index: usize, url: &str) -> io::Result<String> {
    let image = Image::read(url).map_err(io::Error::other)?;
    let folder = match folder {
        Some(folder) => folder,
        None => folder.insert(Builder::new().prefix("stepgate-").tempdir()?),
    };
    let extension = image.format.extension();
    let path = folder.path().join(format!("image{index}.{extension}"));
    std::fs::write(&path, image.bytes)?;
    Ok(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_becomes_a_file_that_goes_away_again() {
        let mut folder = None;
        let gif = "data:image/gif;base64,R0lGODlhAQAB";
        let path = save(&mut folder, 1, gif).unwrap();
        assert!(path.ends_with("image1.gif"), "{path}");
        assert_eq!(std::fs::read(&path).unwrap(), b"GIF89a\x01\x00\x01");
        drop(folder);
        assert!(!std::path::Path::new(&path).exists());
    }
}
