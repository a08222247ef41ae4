//! One call, phase by phase: resolve, attach, sign, send, judge, renew, answer.
