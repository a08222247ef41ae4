//! Bytes of a WebSocket on their way through, in both directions, until one side ends, nothing has passed for long, or the
//! server stops. In the last two cases both sides get a Close frame of ours, where one may stand, and time to answer it.

use crate::frames::{Frames, going_away};
use std::cell::Cell;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::sync::watch;
use tokio::time::sleep;

/// How much is passed at a time.
const ROOM: usize = 8 * 1024;
/// How long the two sides of one that was silent may take to close it.
const CLOSING: Duration = Duration::from_secs(10);

/// What ends a passage from outside.
pub(crate) struct Bounds {
    /// How long nothing may pass.
    pub(crate) idle: Duration,
    /// Turns true when the server stops; whoever lets it then decides how long the rest may take.
    pub(crate) leaving: watch::Receiver<bool>,
    /// Masks what we say to the API.
    pub(crate) mask: [u8; 4],
}

/// Passes bytes both ways.
///
/// # Errors
/// Where one of the two breaks off.
pub(crate) async fn pass<C, A>(caller: C, api: A, mut bounds: Bounds) -> io::Result<()>
where
    C: AsyncRead + AsyncWrite,
    A: AsyncRead + AsyncWrite,
{
    let (from_caller, to_caller) = split(caller);
    let (from_api, to_api) = split(api);
    let moved = Cell::new(false);
    let (close, closing) = watch::channel(false);
    let up = Direction {
        farewell: going_away(Some(bounds.mask)),
        moved: &moved,
        closing: closing.clone(),
    };
    let down = Direction {
        farewell: going_away(None),
        moved: &moved,
        closing,
    };
    let passing = async {
        let up = Box::pin(up.pass(from_caller, to_api));
        let down = Box::pin(down.pass(from_api, to_caller));
        tokio::try_join!(up, down).map(drop)
    };
    let ending = async {
        let stops = tokio::select! {
            stops = bounds.leaving.wait_for(|leaving| *leaving) => stops.is_ok(),
            () = silence(bounds.idle, &moved) => false,
        };
        // Both directions hear it as long as they last.
        let _ = close.send(true);
        if stops {
            std::future::pending::<()>().await;
        }
        sleep(CLOSING).await;
    };
    tokio::select! {
        passed = passing => passed,
        () = ending => Ok(()),
    }
}

/// One of the two.
struct Direction<'a> {
    /// What is said last.
    farewell: Vec<u8>,
    moved: &'a Cell<bool>,
    closing: watch::Receiver<bool>,
}

impl Direction<'_> {
    async fn pass(
        mut self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> io::Result<()> {
        let mut buffer = vec![0; ROOM];
        let (mut frames, mut closes) = (Frames::default(), false);
        while !(closes && frames.is_at_edge()) {
            let read = tokio::select! {
                read = from.read(&mut buffer) => read?,
                _ = self.closing.wait_for(|closing| *closing), if !closes => {
                    closes = true;
                    continue;
                }
            };
            if read == 0 {
                return to.shutdown().await;
            }
            self.moved.set(true);
            let passed = frames.pass(&buffer[..read], closes);
            to.write_all(&buffer[..passed]).await?;
            if passed < read {
                // What follows is for nobody any more, but may tell that the side agrees.
                frames.pass(&buffer[passed..read], false);
                break;
            }
        }
        if !frames.has_closed() {
            to.write_all(&self.farewell).await?;
        }
        to.flush().await?;
        while !frames.has_closed() {
            let read = from.read(&mut buffer).await?;
            if read == 0 {
                break;
            }
            frames.pass(&buffer[..read], false);
        }
        to.shutdown().await
    }
}

/// Returns once nothing has moved for so long.
async fn silence(idle: Duration, moved: &Cell<bool>) {
    loop {
        moved.set(false);
        sleep(idle).await;
        if !moved.get() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Duration, going_away, pass, watch};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::task::LocalSet;

    const LONG: Duration = Duration::from_secs(3600);

    fn start(idle: Duration) -> (DuplexStream, DuplexStream, watch::Sender<bool>) {
        let ((caller, one), (api, other)) = (duplex(1024), duplex(1024));
        let (leave, leaving) = watch::channel(false);
        let mask = [1, 2, 3, 4];
        let bounds = Bounds {
            idle,
            leaving,
            mask,
        };
        tokio::task::spawn_local(pass(one, other, bounds));
        (caller, api, leave)
    }

    async fn all(stream: &mut DuplexStream) -> Vec<u8> {
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.unwrap();
        all
    }

    #[tokio::test]
    async fn who_is_silent_for_too_long_is_told_and_let_go() {
        LocalSet::new().run_until(silent()).await;
    }

    async fn silent() {
        let (mut caller, mut api, _leave) = start(Duration::from_millis(1));
        let mut farewell = [0; 4];
        caller.read_exact(&mut farewell).await.unwrap();
        assert_eq!(farewell[..], going_away(None));
        caller.write_all(&going_away(Some([9; 4]))).await.unwrap();
        let mut farewell = [0; 8];
        api.read_exact(&mut farewell).await.unwrap();
        assert_eq!(farewell[..], going_away(Some([1, 2, 3, 4])));
        api.write_all(&going_away(None)).await.unwrap();
        assert_eq!(
            (all(&mut caller).await, all(&mut api).await),
            (vec![], vec![])
        );
    }

    #[tokio::test]
    async fn a_frame_that_has_begun_comes_to_its_end_first() {
        LocalSet::new().run_until(begun()).await;
    }

    async fn begun() {
        let (mut caller, mut api, leave) = start(LONG);
        // Half a frame.
        api.write_all(b"\x82\x04ab").await.unwrap();
        let mut got = [0; 4];
        caller.read_exact(&mut got).await.unwrap();
        leave.send(true).unwrap();
        let mut farewell = [0; 8];
        api.read_exact(&mut farewell).await.unwrap();
        api.write_all(b"cd\x82\x01never").await.unwrap();
        drop(api);
        let mut rest = b"cd".to_vec();
        rest.extend(going_away(None));
        assert_eq!(all(&mut caller).await, rest);
    }

    #[tokio::test]
    async fn what_one_side_ends_by_itself_is_left_as_it_is() {
        LocalSet::new().run_until(ended()).await;
    }

    async fn ended() {
        let (mut caller, mut api, _leave) = start(LONG);
        let close = [0x88, 0x80, 0, 0, 0, 0];
        caller.write_all(&close).await.unwrap();
        caller.shutdown().await.unwrap();
        assert_eq!(all(&mut api).await, close);
        api.write_all(&[0x88, 0]).await.unwrap();
        drop(api);
        assert_eq!(all(&mut caller).await, [0x88, 0]);
    }
}
