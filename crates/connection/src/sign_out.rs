//! Ends a connection: at the API where its definition says how, and here in any case.

use crate::connections::{Connections, Equipped};
use crate::drive::{Driven, drive, question};
use crate::error::ConnectionError;
use flow::{Credential, Failure, Observer, Run};
use store::ConnectionRecord;

/// What became of the session at the API. The credential is forgotten here, whatever it was.
#[derive(Debug)]
pub enum SignedOut {
    /// The logout flow ran to its end, and the tokens were revoked: as far as the connector has either.
    AtTheApi,
    /// The connector has neither: at the API the session goes on until it ends by itself.
    OnlyHere,
    /// The logout flow failed: at the API the session may go on.
    LogoutFailed(Box<Failure>),
    /// The API did not revoke the tokens (RFC 7009): they may still work.
    NotRevoked(Box<Failure>),
}

impl Connections {
    /// Runs the logout flow, revokes the tokens, then forgets the credential, also where the API takes neither.
    ///
    /// # Errors
    /// Where the store fails: then the credential may still be there.
    pub async fn sign_out(
        &self,
        equipped: &Equipped,
        record: &ConnectionRecord,
        observer: &mut dyn Observer,
    ) -> Result<SignedOut, ConnectionError> {
        let outcome = match self.to_be_ended(record).await {
            Ok(credential) => {
                let owner = &record.owner;
                self.end_at_the_api(equipped, owner, &credential, observer)
                    .await
            }
            Err(error) => SignedOut::LogoutFailed(ours(error.to_string())),
        };
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

    /// The credential of now: what the caller has seen may have been renewed since.
    async fn to_be_ended(&self, record: &ConnectionRecord) -> Result<Credential, ConnectionError> {
        let newest = self.read(&record.id).await?;
        self.newest_credential(&newest, None).await
    }

    async fn end_at_the_api(
        &self,
        equipped: &Equipped,
        owner: &str,
        credential: &Credential,
        observer: &mut dyn Observer,
    ) -> SignedOut {
        let has_flow = equipped.connector.logout_flow.is_some();
        let logout = match has_flow {
            true => self.log_out(equipped, owner, credential, observer).await,
            false => Ok(()),
        };
        // Also where the logout failed: tokens that no longer work are the better part of it.
        let context = equipped.context(&self.engine);
        let revocation = flow::revoke(&context, credential, observer).await;
        let unrevoked = revocation.failures.into_iter().next();
        match (logout, unrevoked) {
            (Err(failure), _) => SignedOut::LogoutFailed(failure),
            (Ok(()), Some(failure)) => SignedOut::NotRevoked(Box::new(failure)),
            (Ok(()), None) if has_flow || revocation.revoked > 0 => SignedOut::AtTheApi,
            (Ok(()), None) => SignedOut::OnlyHere,
        }
    }

    async fn log_out(
        &self,
        equipped: &Equipped,
        owner: &str,
        credential: &Credential,
        observer: &mut dyn Observer,
    ) -> Result<(), Box<Failure>> {
        let run = Run::logout(&equipped.connector, credential);
        match drive(run, self, equipped, owner, observer).await {
            Driven::Done(_) => Ok(()),
            Driven::Failed(failure, _) => Err(failure),
            Driven::Asks(_, asks) => Err(ours(question(&asks))),
        }
    }
}

fn ours(message: String) -> Box<Failure> {
    Box::new(Failure::ours("logout_failed", message))
}
