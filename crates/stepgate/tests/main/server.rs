//! `stepgate serve` in a process of its own, and the plainest HTTP client that can talk to it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::program::Program;

/// A server, its app `shop` and that app's key. It is killed when dropped.
pub(crate) struct Server {
    child: Child,
    authority: String,
    pub(crate) key: String,
    log: std::path::PathBuf,
}

/// What came back, as text with its header.
pub(crate) struct Answer(pub(crate) String);

impl Server {
    /// Serves the program's definition, with its app's key made before.
    pub(crate) fn start(program: &Program, more: &[&str]) -> Server {
        let made = program
            .run(&["app", "create", "shop", "--connectors", "notes"])
            .ended(0);
        let folder = program.definition.parent().expect("a folder");
        let served = folder.join("served");
        std::fs::create_dir_all(&served).expect("the folder");
        std::fs::copy(&program.definition, served.join("notes.yaml")).expect("the definition");
        let log = folder.join("log");
        let line = ["serve", "--listen", "127.0.0.1:0", "--connectors", "served"];
        let mut child = patient(&program.command(&[&line[..], more].concat()))
            .stderr(Stdio::from(File::create(&log).expect("the log")))
            .spawn()
            .expect("the binary runs");
        let mut said = String::new();
        BufReader::new(child.stdout.take().expect("stdout"))
            .read_line(&mut said)
            .expect("a line");
        let (_, authority) = said.trim().split_once("http://").expect("an address");
        Server {
            child,
            authority: authority.to_owned(),
            key: made.out.trim().to_owned(),
            log,
        }
    }

    /// Asks as the app, for the user `ana`.
    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let key = format!("Stepgate-Key: {}\r\nStepgate-User: ana\r\n", self.key);
        self.ask_as(&key, method, path, body)
    }

    /// Asks with these header lines.
    pub(crate) fn ask_as(
        &self,
        headers: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.authority,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.authority).expect("the server");
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        Answer(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Where it is reached.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// Lets it write nothing more into any file, or again all it likes: as a disk that is full or broken does.
    pub(crate) fn may_write(&self, may: bool) {
        let limit = match may {
            true => "--fsize=unlimited:unlimited",
            false => "--fsize=0:unlimited",
        };
        let id = self.child.id().to_string();
        let ran = Command::new("prlimit").args(["--pid", &id, limit]).status();
        assert!(ran.expect("prlimit runs").success());
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) fn stop(&mut self) -> ExitStatus {
        let id = i32::try_from(self.child.id()).expect("an id");
        kill(Pid::from_raw(id), Signal::SIGTERM).expect("it is told");
        self.child.wait().expect("it ends")
    }

    /// Waits until its log says this.
    #[track_caller]
    pub(crate) fn logs(&mut self, words: &str) {
        while !self.logged().contains(words) {
            let ended = self.child.try_wait().expect("its state");
            assert!(ended.is_none(), "it has ended: {}", self.logged());
            std::thread::yield_now();
        }
    }

    /// All that it has logged.
    pub(crate) fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).expect("the log")
    }
}

/// The same command, which takes it as an error where it may not write, and not as its end.
fn patient(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let (_, body) = self.0.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {}", self.0))
    }

    #[track_caller]
    pub(crate) fn has_status(self, status: u16) -> Answer {
        assert!(
            self.0.starts_with(&format!("HTTP/1.1 {status} ")),
            "not {status}: {}",
            self.0
        );
        self
    }
}
