//! An API that a test writes byte by byte: for what no HTTP library would do by itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// One request, and the connection that it came by.
pub(crate) struct Line {
    pub(crate) head: String,
    stream: BufReader<TcpStream>,
}

/// Starts the API. `/login` gives the tokens t-1, t-2, …; the rest is for `script`, which gets the number of the call.
pub(crate) fn start(script: impl Fn(&mut Line, u32) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (script, logins, calls) = (
        Arc::new(script),
        Arc::new(AtomicU32::new(0)),
        Arc::new(AtomicU32::new(0)),
    );
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (script, logins, calls) = (script.clone(), logins.clone(), calls.clone());
            std::thread::spawn(move || {
                let stream = BufReader::new(stream.unwrap());
                let head = String::new();
                let mut line = Line { head, stream };
                while line.next() {
                    if line.head.starts_with("POST /login") {
                        let token = logins.fetch_add(1, Ordering::SeqCst) + 1;
                        line.reply(
                            200,
                            "Content-Type: application/json\r\n",
                            &format!("{{\"token\":\"t-{token}\"}}"),
                        );
                    } else {
                        script(&mut line, calls.fetch_add(1, Ordering::SeqCst));
                    }
                }
            });
        }
    });
    origin
}

impl Line {
    /// Reads the next request's head.
    fn next(&mut self) -> bool {
        self.head.clear();
        loop {
            let before = self.head.len();
            match self.stream.read_line(&mut self.head) {
                Ok(0) | Err(_) => return false,
                Ok(_) if &self.head[before..] == "\r\n" => return true,
                Ok(_) => {}
            }
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn has_token(&self, number: u32) -> bool {
        self.header("authorization") == Some(&format!("Bearer t-{number}"))
    }

    /// Up to so many bytes, as soon as there are any.
    pub(crate) fn read(&mut self, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; most];
        let length = self.stream.read(&mut bytes).unwrap_or(0);
        bytes.truncate(length);
        bytes
    }

    /// A chunked body and its trailers.
    pub(crate) fn read_chunked(&mut self) -> (Vec<u8>, String) {
        let mut body = Vec::new();
        loop {
            let mut size = String::new();
            self.stream.read_line(&mut size).unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            if size == 0 {
                break;
            }
            let start = body.len();
            body.resize(start + size, 0);
            self.stream.read_exact(&mut body[start..]).unwrap();
            self.stream.read_line(&mut String::new()).unwrap();
        }
        let mut trailers = String::new();
        while !trailers.ends_with("\r\n\r\n") && trailers != "\r\n" {
            self.stream.read_line(&mut trailers).unwrap();
        }
        (body, trailers)
    }

    /// Hangs up.
    pub(crate) fn close(&mut self) {
        self.stream.get_mut().shutdown(Shutdown::Both).unwrap();
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.stream.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// A whole reply; `fields` end with a line break each.
    pub(crate) fn reply(&mut self, status: u16, fields: &str, body: &str) {
        let length = body.len();
        self.write(&format!(
            "HTTP/1.1 {status} x\r\n{fields}Content-Length: {length}\r\n\r\n{body}"
        ));
    }
}
