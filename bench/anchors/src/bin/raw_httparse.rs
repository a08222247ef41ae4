//! Lower bound: hand-written HTTP/1.1 hop (httparse over tokio TcpStream, one
//! thread and one upstream pool per core). A measuring stick, not a product: no
//! Expect: 100-continue, no upgrades, no timeouts, request and response in turn.
use anchors::*;
use bytes::{Buf, BytesMut};
use std::{
    cell::RefCell,
    io,
    rc::Rc,
    sync::{Arc, OnceLock},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

struct Up {
    io: TcpStream,
    buf: BytesMut,
}
struct W {
    idle: RefCell<Vec<Up>>,
    cache: Arc<FastCache>,
    addr: String,
}

enum Len {
    None,
    Fixed(u64),
    Chunked,
    Close,
}
fn bad<T>(m: &'static str) -> io::Result<T> {
    Err(io::Error::other(m))
}

/// The hop's own view of one head: body framing, keep-alive, and the headers that go on.
struct Head {
    len: Len,
    close: bool,
}

fn scan(hs: &[httparse::Header], out: &mut Vec<u8>, request: bool) -> io::Result<Head> {
    let mut h = Head {
        len: Len::None,
        close: false,
    };
    let mut conn: &[u8] = b"";
    for x in hs {
        if x.name.eq_ignore_ascii_case("connection") {
            conn = x.value
        }
    }
    let named = |n: &str| {
        !conn.is_empty()
            && conn
                .split(|b| *b == b',')
                .any(|t| t.trim_ascii().eq_ignore_ascii_case(n.as_bytes()))
    };
    h.close = named("close");
    for x in hs {
        let n = x.name;
        let skip = match n.len() {
            2 => n.eq_ignore_ascii_case("te"),
            4 => request && n.eq_ignore_ascii_case("host"),
            6 => request && n.eq_ignore_ascii_case("cookie"),
            7 => n.eq_ignore_ascii_case("trailer") || n.eq_ignore_ascii_case("upgrade"),
            10 => n.eq_ignore_ascii_case("connection") || n.eq_ignore_ascii_case("keep-alive"),
            13 => request && n.eq_ignore_ascii_case("authorization"),
            14 => {
                if n.eq_ignore_ascii_case("content-length") {
                    let v = std::str::from_utf8(x.value)
                        .ok()
                        .and_then(|v| v.parse().ok());
                    match (v, &h.len) {
                        (Some(v), Len::None) => h.len = Len::Fixed(v),
                        _ => return bad("content-length"),
                    }
                }
                false
            }
            17 => {
                if n.eq_ignore_ascii_case("transfer-encoding") {
                    if !x.value.eq_ignore_ascii_case(b"chunked") || matches!(h.len, Len::Fixed(_)) {
                        return bad("transfer-encoding");
                    }
                    h.len = Len::Chunked;
                }
                false
            }
            18 => n.eq_ignore_ascii_case("proxy-authenticate"),
            19 => n.eq_ignore_ascii_case("proxy-authorization"),
            _ => false,
        };
        if skip || named(n) {
            continue;
        }
        out.extend_from_slice(n.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(x.value);
        out.extend_from_slice(b"\r\n");
    }
    Ok(h)
}

/// How much of `buf` belongs to this body. `left` counts a fixed body or a chunk
/// down; a chunked body is passed on as it came.
struct Framer {
    len: Len,
    left: u64,
    last: bool,
}
impl Framer {
    fn new(len: Len) -> Self {
        let left = if let Len::Fixed(n) = len { n } else { 0 };
        Framer {
            len,
            left,
            last: false,
        }
    }
    /// (bytes of `buf` to pass on, body complete)
    fn take(&mut self, buf: &[u8]) -> io::Result<(usize, bool)> {
        match self.len {
            Len::None => Ok((0, true)),
            Len::Close => Ok((buf.len(), false)),
            Len::Fixed(_) => {
                let n = self.left.min(buf.len() as u64);
                self.left -= n;
                Ok((n as usize, self.left == 0))
            }
            Len::Chunked => {
                let mut at = 0;
                loop {
                    if self.left > 0 {
                        let n = self.left.min((buf.len() - at) as u64);
                        self.left -= n;
                        at += n as usize;
                        if self.left > 0 {
                            return Ok((at, false));
                        }
                    }
                    let Some(nl) = buf[at..].iter().position(|b| *b == b'\n') else {
                        if buf.len() - at > 256 {
                            return bad("chunk");
                        }
                        return Ok((at, false));
                    };
                    let line = buf[at..at + nl].trim_ascii();
                    if self.last {
                        at += nl + 1;
                        if line.is_empty() {
                            return Ok((at, true));
                        }
                        continue;
                    }
                    let hex = line.split(|b| *b == b';').next().unwrap().trim_ascii();
                    let Some(n) = std::str::from_utf8(hex)
                        .ok()
                        .and_then(|h| u64::from_str_radix(h, 16).ok())
                    else {
                        return bad("chunk");
                    };
                    at += nl + 1;
                    if n == 0 {
                        self.last = true
                    } else {
                        self.left = n + 2
                    }
                }
            }
        }
    }
}

async fn more(io: &mut TcpStream, buf: &mut BytesMut, room: usize) -> io::Result<usize> {
    buf.reserve(room);
    io.read_buf(buf).await
}

/// Passes a body on: first `out` (the head) with what is already read, then the rest.
async fn pass(
    from: &mut TcpStream,
    buf: &mut BytesMut,
    to: &mut TcpStream,
    out: &mut Vec<u8>,
    len: Len,
) -> io::Result<()> {
    let close = matches!(len, Len::Close);
    let mut f = Framer::new(len);
    loop {
        let (n, end) = f.take(buf)?;
        out.extend_from_slice(&buf[..n]);
        buf.advance(n);
        if !out.is_empty() {
            to.write_all(out).await?;
            out.clear();
        }
        if end {
            return Ok(());
        }
        if more(from, buf, 65536).await? == 0 {
            return if close { Ok(()) } else { bad("early end") };
        }
    }
}

async fn serve(w: Rc<W>, mut c: TcpStream) -> io::Result<()> {
    let mut buf = BytesMut::with_capacity(8192);
    let mut out: Vec<u8> = Vec::with_capacity(8192);
    loop {
        let (len, close, head_method, empty) = loop {
            let mut hs = [const { std::mem::MaybeUninit::uninit() }; 64];
            let mut r = httparse::Request::new(&mut []);
            match r
                .parse_with_uninit_headers(&buf, &mut hs)
                .map_err(io::Error::other)?
            {
                httparse::Status::Complete(n) => {
                    let user = r
                        .headers
                        .iter()
                        .find(|x| x.name.eq_ignore_ascii_case("x-user"))
                        .and_then(|x| std::str::from_utf8(x.value).ok())
                        .unwrap_or("u1");
                    let Some(cred) = w.cache.get(user) else {
                        c.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await?;
                        return Ok(());
                    };
                    let (m, p) = (r.method.unwrap(), r.path.unwrap());
                    out.clear();
                    for s in [
                        m,
                        " ",
                        p,
                        if p.contains('?') { "&" } else { "?" },
                        &cred.query,
                        " HTTP/1.1\r\nhost: ",
                        &w.addr,
                        "\r\n",
                    ] {
                        out.extend_from_slice(s.as_bytes())
                    }
                    let h = scan(r.headers, &mut out, true)?;
                    for (k, v) in [
                        (&b"authorization: "[..], &cred.bearer),
                        (b"cookie: ", &cred.cookie),
                    ] {
                        out.extend_from_slice(k);
                        out.extend_from_slice(v.as_bytes());
                        out.extend_from_slice(b"\r\n");
                    }
                    out.extend_from_slice(b"\r\n");
                    let x = (h.len, h.close || r.version == Some(0), m == "HEAD", n);
                    buf.advance(n);
                    let empty = matches!(x.0, Len::None);
                    break (x.0, x.1, x.2, empty);
                }
                httparse::Status::Partial if buf.len() > 65536 => return bad("head too large"),
                httparse::Status::Partial => {
                    if more(&mut c, &mut buf, 4096).await? == 0 {
                        return Ok(());
                    }
                }
            }
        };
        // A call without a body can be sent again when a kept-alive connection turns out dead.
        let saved = if empty { out.len() } else { 0 };
        let mut len = Some(len);
        let mut up;
        loop {
            let pooled = w.idle.borrow_mut().pop();
            let reused = pooled.is_some();
            up = match pooled {
                Some(u) => u,
                None => {
                    let io = TcpStream::connect(&w.addr).await?;
                    io.set_nodelay(true)?;
                    Up {
                        io,
                        buf: BytesMut::with_capacity(8192),
                    }
                }
            };
            if empty {
                let ok = up.io.write_all(&out[..saved]).await.is_ok()
                    && more(&mut up.io, &mut up.buf, 4096)
                        .await
                        .is_ok_and(|n| n > 0);
                if ok {
                    break;
                }
                if !reused {
                    return bad("upstream");
                }
            } else {
                pass(&mut c, &mut buf, &mut up.io, &mut out, len.take().unwrap()).await?;
                break;
            }
        }
        let (rlen, rclose) = loop {
            let mut hs = [const { std::mem::MaybeUninit::uninit() }; 64];
            let mut r = httparse::Response::new(&mut []);
            match httparse::ParserConfig::default()
                .parse_response_with_uninit_headers(&mut r, &up.buf, &mut hs)
                .map_err(io::Error::other)?
            {
                httparse::Status::Complete(n) => {
                    let code = r.code.unwrap();
                    out.clear();
                    out.extend_from_slice(b"HTTP/1.1 ");
                    out.extend_from_slice(&[
                        b'0' + (code / 100) as u8,
                        b'0' + (code / 10 % 10) as u8,
                        b'0' + (code % 10) as u8,
                        b' ',
                    ]);
                    out.extend_from_slice(r.reason.unwrap_or("").as_bytes());
                    out.extend_from_slice(b"\r\n");
                    let mut h = scan(r.headers, &mut out, false)?;
                    let version = r.version;
                    if code < 200 {
                        up.buf.advance(n);
                        continue;
                    }
                    if head_method || code == 204 || code == 304 {
                        h.len = Len::None
                    } else if matches!(h.len, Len::None) {
                        h.len = Len::Close;
                        out.extend_from_slice(b"connection: close\r\n")
                    }
                    out.extend_from_slice(b"\r\n");
                    up.buf.advance(n);
                    break (h.len, h.close || version == Some(0));
                }
                httparse::Status::Partial if up.buf.len() > 65536 => return bad("head too large"),
                httparse::Status::Partial => {
                    if more(&mut up.io, &mut up.buf, 4096).await? == 0 {
                        return bad("upstream");
                    }
                }
            }
        };
        let ends = matches!(rlen, Len::Close);
        pass(&mut up.io, &mut up.buf, &mut c, &mut out, rlen).await?;
        if !ends && !rclose && up.buf.is_empty() && w.idle.borrow().len() < 256 {
            w.idle.borrow_mut().push(up)
        }
        if ends || close {
            return Ok(());
        }
    }
}

fn main() {
    static CACHE: OnceLock<Arc<FastCache>> = OnceLock::new();
    per_core(&env("LISTEN", "127.0.0.1:18089"), |l| async move {
        let up = env("UPSTREAM_URL", "http://127.0.0.1:18080");
        let cache = CACHE
            .get_or_init(|| Arc::new(FastCache::filled(10_000)))
            .clone();
        let w = Rc::new(W {
            idle: Default::default(),
            cache,
            addr: up.trim_start_matches("http://").into(),
        });
        loop {
            let Ok((io, _)) = l.accept().await else {
                continue;
            };
            let _ = io.set_nodelay(true);
            tokio::task::spawn_local(serve(w.clone(), io));
        }
    });
}
