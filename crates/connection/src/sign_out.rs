//! Ends a connection: at the API where its definition says how, and here in any case.

use crate::connections::{Connections, Equipped};
use crate::drive::{Driven, drive, question};
use crate::error::ConnectionError;
use flow::{Failure, Observer, Run};
use store::ConnectionRecord;

/// What became of the session at the API. The credential is forgotten here, whatever it was.
#[derive(Debug)]
pub enum SignedOut {
    /// The logout flow ran to its end.
    AtTheApi,
    /// The connector has no logout flow: at the API the session goes on until it ends by itself.
    OnlyHere,
    /// The logout flow failed: at the API the session may go on.
    LogoutFailed(Box<Failure>),
}

impl Connections {
    /// Runs the logout flow, then forgets the credential, also where the logout fails.
    ///
    /// # Errors
    /// Where the store fails: then the credential may still be there.
    pub async fn sign_out(
        &self,
        equipped: &Equipped,
        record: &ConnectionRecord,
        observer: &mut dyn Observer,
    ) -> Result<SignedOut, ConnectionError> {
        let outcome = self.log_out(equipped, record, observer).await;
        self.clear(record).await?;
        Ok(outcome)
    }

    /// Forgets the credential and sends nothing.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn clear(&self, record: &ConnectionRecord) -> Result<(), ConnectionError> {
        self.store.delete(&record.id).await?;
        self.forget_opened(&record.id);
        Ok(())
    }

    async fn log_out(
        &self,
        equipped: &Equipped,
        record: &ConnectionRecord,
        observer: &mut dyn Observer,
    ) -> SignedOut {
        if equipped.connector.logout_flow.is_none() {
            return SignedOut::OnlyHere;
        }
        let failure = |message: String| {
            SignedOut::LogoutFailed(Box::new(Failure::ours("logout_failed", message)))
        };
        let credential = match self.newest_credential(record).await {
            Ok(credential) => credential,
            Err(error) => return failure(error.to_string()),
        };
        let run = Run::logout(&equipped.connector, &credential);
        match drive(run, equipped, &self.engine, observer).await {
            Driven::Done(_) => SignedOut::AtTheApi,
            Driven::Failed(failure, _) => SignedOut::LogoutFailed(failure),
            Driven::Asks(_, asks) => failure(question(&asks)),
        }
    }
}
