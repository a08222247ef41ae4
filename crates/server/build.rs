//! Puts the built web page into the binary: a table of its files, each as it is and compressed.
//!
//! The page is built before (`make web`), into `web` of the target folder or where `STEPGATE_WEB` says. Where it is not
//! built there are no files, and the server says so in the page's place.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-env-changed=STEPGATE_WEB");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let web = match env::var_os("STEPGATE_WEB") {
        Some(web) => PathBuf::from(web),
        None => target(&out).join("web"),
    };
    // A folder that is missing would make cargo run this each time; an empty one is watched until a page is built.
    fs::create_dir_all(&web)?;
    println!("cargo:rerun-if-changed={}", web.display());
    let mut names = Vec::new();
    find(&web, "", &mut names)?;
    names.sort();
    let mut table = String::from("&[\n");
    for name in names.iter().filter(|name| is_served(name)) {
        let path = web.join(name);
        let packed = |extension: &str| match names.contains(&format!("{name}.{extension}")) {
            true => format!(
                "Some(include_bytes!({:?}))",
                web.join(format!("{name}.{extension}"))
            ),
            false => "None".to_owned(),
        };
        writeln!(
            table,
            "BuiltIn {{ path: {name:?}, plain: include_bytes!({path:?}), gzip: {}, brotli: {} }},",
            packed("gz"),
            packed("br")
        )?;
    }
    table.push_str("]\n");
    fs::write(out.join("page.rs"), table)?;
    Ok(())
}

/// The target folder that this build writes below: the nearest that already has a page, else the usual place of it.
fn target(out: &Path) -> PathBuf {
    let above: Vec<&Path> = out.ancestors().skip(3).take(3).collect();
    let built = above
        .iter()
        .find(|folder| folder.join("web/index.html").is_file());
    let usual = above.get(1).copied().unwrap_or(out);
    built.copied().unwrap_or(usual).to_path_buf()
}

fn find(folder: &Path, below: &str, names: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => find(&entry.path(), &format!("{name}/"), names)?,
            false => names.push(name),
        }
    }
    Ok(())
}

/// Whether a file goes out by its own name.
fn is_served(name: &str) -> bool {
    let extension = Path::new(name).extension();
    let is_packed = extension.is_some_and(|extension| extension == "gz" || extension == "br");
    !is_packed
}
