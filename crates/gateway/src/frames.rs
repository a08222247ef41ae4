//! Where in a stream of WebSocket frames the edge between two of them is (RFC 6455 section 5.2): only there may a frame of
//! ours stand. Payloads are counted, never looked at.

/// The opcode of a Close frame.
const CLOSE: u8 = 0x8;
/// "Going away" (section 7.4.1), as the payload of a Close frame.
const GOING_AWAY: [u8; 2] = 1001_u16.to_be_bytes();

/// The frames of one direction.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    head: [u8; 14],
    /// Bytes of `head` that have come.
    begun: usize,
    /// Bytes of the payload that are to come.
    left: u64,
    /// A Close frame has come.
    closing: bool,
}

impl Frames {
    /// Lets bytes pass. With `to_the_edge` only as many as are before the next edge. Tells how many have passed.
    pub(crate) fn pass(&mut self, bytes: &[u8], to_the_edge: bool) -> usize {
        let mut at = 0;
        while at < bytes.len() && !(to_the_edge && self.is_at_edge()) {
            if self.left > 0 {
                let here = bytes.len() - at;
                let count = usize::try_from(self.left).map_or(here, |left| left.min(here));
                self.left -= count as u64;
                at += count;
                continue;
            }
            if let Some(place) = self.head.get_mut(self.begun) {
                *place = bytes[at];
            }
            self.begun += 1;
            at += 1;
            if self.begun == self.head_length() {
                self.closing |= self.head[0] & 0x0f == CLOSE;
                self.left = self.payload_length();
                self.begun = 0;
            }
        }
        at
    }

    /// Whether the next byte begins a frame.
    pub(crate) fn is_at_edge(&self) -> bool {
        self.begun == 0 && self.left == 0
    }

    /// Whether the last frame has come.
    pub(crate) fn has_closed(&self) -> bool {
        self.closing && self.is_at_edge()
    }

    /// How long the head is, as far as it can be told.
    fn head_length(&self) -> usize {
        if self.begun < 2 {
            return 2;
        }
        let extended = match self.head[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let mask = if self.head[1] & 0x80 == 0 { 0 } else { 4 };
        2 + extended + mask
    }

    fn payload_length(&self) -> u64 {
        let extended = |count: usize| {
            let bytes = self.head.iter().skip(2).take(count);
            bytes.fold(0, |length, byte| (length << 8) | u64::from(*byte))
        };
        match self.head[1] & 0x7f {
            126 => extended(2),
            127 => extended(8),
            length => u64::from(length),
        }
    }
}

/// A Close frame that says "going away". A client masks what it sends, with a mask that nobody can guess (section 5.3).
pub(crate) fn going_away(mask: Option<[u8; 4]>) -> Vec<u8> {
    let length = GOING_AWAY.len() as u8;
    let mut frame = vec![0x80 | CLOSE];
    match mask {
        None => {
            frame.push(length);
            frame.extend(GOING_AWAY);
        }
        Some(mask) => {
            frame.push(0x80 | length);
            frame.extend(mask);
            frame.extend(GOING_AWAY.iter().zip(mask).map(|(byte, mask)| byte ^ mask));
        }
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::{Frames, going_away};

    #[test]
    fn edges_are_found_however_the_bytes_come() {
        let mut stream = vec![0x81, 0x05];
        stream.extend(b"Hello");
        // Masked, then one of 256 bytes, then one of 65536.
        stream.extend([
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
        ]);
        stream.extend([0x82, 0x7e, 0x01, 0x00]);
        stream.extend([0; 256]);
        stream.extend([0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0]);
        stream.extend(vec![0; 65536]);
        let edges = [7, 18, 278, stream.len()];
        for piece in [1, 2, 3, 7, 11, 1000, stream.len()] {
            let (mut frames, mut found, mut at) = (Frames::default(), Vec::new(), 0);
            while at < stream.len() {
                let end = (at + piece).min(stream.len());
                // One further byte, so that the next edge is another.
                frames.pass(&stream[at..=at], false);
                at += 1;
                if at < end {
                    at += frames.pass(&stream[at..end], true);
                }
                if frames.is_at_edge() {
                    found.push(at);
                }
            }
            assert_eq!(found, edges, "{piece}");
            assert!(!frames.has_closed());
        }
    }

    #[test]
    fn a_close_frame_ends_the_stream() {
        assert_eq!(going_away(None), [0x88, 0x02, 0x03, 0xe9]);
        let masked = going_away(Some([1, 2, 3, 4]));
        assert_eq!(masked, [0x88, 0x82, 1, 2, 3, 4, 0x02, 0xeb]);
        for frame in [going_away(None), masked] {
            let mut frames = Frames::default();
            frames.pass(&frame[..frame.len() - 1], false);
            assert!(!frames.has_closed());
            frames.pass(&frame[frame.len() - 1..], false);
            assert!(frames.has_closed());
        }
    }
}
