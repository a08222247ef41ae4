//! Step-up: the API wants more proof for one call, which is no expiry of the session.

use crate::condition::Condition;
use crate::connector::RequestParameter;
use crate::step::Step;

/// What happens where the API wants more proof for one call.
#[derive(Clone, Debug)]
pub struct StepUp {
    /// A reply for which this holds wants more proof; so does, whatever this says, one whose challenge says
    /// `insufficient_user_authentication` (RFC 9470).
    pub when: Option<Condition>,
    /// What is done for it, for this call alone.
    pub steps: Vec<Step>,
    /// What is added to the call then, over those of every call.
    pub request_parameters: Vec<RequestParameter>,
}
