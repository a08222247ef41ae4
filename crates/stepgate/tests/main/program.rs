//! Starts the binary with a data folder of its own and a clean environment.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A data folder and a definition in it.
pub(crate) struct Program {
    dir: TempDir,
    pub(crate) definition: PathBuf,
    variables: Vec<(String, String)>,
}

/// What one run of the binary came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    pub(crate) fn with(definition: &str) -> Program {
        let dir = TempDir::new().expect("a folder");
        let path = dir.path().join("connector.yaml");
        std::fs::write(&path, definition).expect("the definition");
        Program {
            dir,
            definition: path,
            variables: Vec::new(),
        }
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Program {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn rewrite(&self, definition: &str) {
        std::fs::write(&self.definition, definition).expect("the definition");
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The command, not started. `FILE` in the line stands for the definition.
    pub(crate) fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stepgate"));
        let definition = self.definition.to_str().expect("a path");
        command
            .env_clear()
            .env("STEPGATE_DATA_DIR", self.data())
            .env("STEPGATE_ALLOW_PRIVATE", "127.0.0.0/8")
            .current_dir(self.dir.path())
            .args(
                line.iter()
                    .map(|word| if *word == "FILE" { definition } else { word }),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    pub(crate) fn run(&self, line: &[&str]) -> Ran {
        Ran::from(self.command(line).output().expect("the binary runs"))
    }

    pub(crate) fn run_with_input(&self, line: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(line)
            .stdin(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        child
            .stdin
            .take()
            .expect("stdin")
            .write_all(input.as_bytes())
            .expect("the input is taken");
        Ran::from(child.wait_with_output().expect("the binary ends"))
    }

    pub(crate) fn start(&self, line: &[&str]) -> Child {
        self.command(line).spawn().expect("the binary runs")
    }

    /// Every byte that the data folder holds, file after file.
    pub(crate) fn stored_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        gather(&self.data(), &mut bytes);
        bytes
    }
}

fn gather(dir: &Path, bytes: &mut Vec<u8>) {
    for entry in std::fs::read_dir(dir).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(&path, bytes);
        } else {
            bytes.extend(std::fs::read(&path).expect("a file"));
        }
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn ended(self, status: i32) -> Ran {
        assert_eq!(
            self.status, status,
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.out, self.err
        );
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Ran {
        assert!(
            self.err.contains(words) || self.out.contains(words),
            "nothing says {words:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.out,
            self.err
        );
        self
    }
}
