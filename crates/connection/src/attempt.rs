//! One sign-in over HTTP, as whoever started or joined it holds it: a view that changes while the work goes on elsewhere.

use crate::attempt_view::{AttemptState, AttemptView};
use tokio::sync::watch;

/// A sign-in that a server drives for a person. Dropping it ends nothing.
#[derive(Clone, Debug)]
pub struct Attempt {
    views: watch::Receiver<AttemptView>,
}

impl Attempt {
    pub(crate) fn new(views: watch::Receiver<AttemptView>) -> Self {
        Self { views }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> String {
        self.views.borrow().id.clone()
    }

    /// How it stands now.
    #[must_use]
    pub fn view(&self) -> AttemptView {
        self.views.borrow().clone()
    }

    /// Every later view. The sender goes away some time after the end.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<AttemptView> {
        self.views.clone()
    }

    /// How it stands once it does not go on by itself: it waits for a person, or is over.
    pub async fn settled(&mut self) -> AttemptView {
        let settled = |view: &AttemptView| !matches!(view.state, AttemptState::Working);
        // Where nobody is at it any more, what was seen last is all there is.
        let seen = self
            .views
            .wait_for(settled)
            .await
            .ok()
            .map(|view| view.clone());
        seen.unwrap_or_else(|| self.view())
    }
}
