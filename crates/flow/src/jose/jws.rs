//! The compact serialization of a signed header and payload (RFC 7515, section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use model::JwsAlgorithm;
use p256::ecdsa::signature::Signer;
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use sha2::{Sha256, Sha384, Sha512};

use super::key::{Material, SigningKey};

/// Why nothing was signed. A key that was read for its algorithm does sign.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key does not fit the algorithm")]
pub(crate) struct NotSigned;

/// Header and payload as they are, and the signature over them.
pub(crate) fn compact(
    algorithm: JwsAlgorithm,
    key: &SigningKey,
    header: &[u8],
    payload: &[u8],
) -> Result<String, NotSigned> {
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let signature = sign(algorithm, key, token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

fn sign(algorithm: JwsAlgorithm, key: &SigningKey, input: &[u8]) -> Result<Vec<u8>, NotSigned> {
    use JwsAlgorithm as A;
    match (&key.material, algorithm) {
        (Material::Shared(key), A::Hs256) => hash::<Hmac<Sha256>>(key.reveal(), input),
        (Material::Shared(key), A::Hs384) => hash::<Hmac<Sha384>>(key.reveal(), input),
        (Material::Shared(key), A::Hs512) => hash::<Hmac<Sha512>>(key.reveal(), input),
        (Material::Rsa(key), A::Rs256) => rsa(key, &RSA_PKCS1_SHA256, input),
        (Material::Rsa(key), A::Rs384) => rsa(key, &RSA_PKCS1_SHA384, input),
        (Material::Rsa(key), A::Rs512) => rsa(key, &RSA_PKCS1_SHA512, input),
        (Material::Rsa(key), A::Ps256) => rsa(key, &RSA_PSS_SHA256, input),
        (Material::Rsa(key), A::Ps384) => rsa(key, &RSA_PSS_SHA384, input),
        (Material::Rsa(key), A::Ps512) => rsa(key, &RSA_PSS_SHA512, input),
        (Material::P256(key), A::Es256) => {
            let signature: Result<p256::ecdsa::Signature, _> = key.try_sign(input);
            signature
                .map(|it| it.to_bytes().to_vec())
                .map_err(|_| NotSigned)
        }
        (Material::P384(key), A::Es384) => {
            let signature: Result<p384::ecdsa::Signature, _> = key.try_sign(input);
            signature
                .map(|it| it.to_bytes().to_vec())
                .map_err(|_| NotSigned)
        }
        (Material::P521(key), A::Es512) => {
            let signature: Result<p521::ecdsa::Signature, _> = key.try_sign(input);
            signature
                .map(|it| it.to_bytes().to_vec())
                .map_err(|_| NotSigned)
        }
        (Material::Ed25519(key), A::EdDsa) => Ok(key.sign(input).as_ref().to_vec()),
        _ => Err(NotSigned),
    }
}

fn hash<M: Mac + KeyInit>(key: &[u8], input: &[u8]) -> Result<Vec<u8>, NotSigned> {
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|_| NotSigned)?;
    mac.update(input);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// The randomness is *ring*'s own: it takes no other, and blinds the key with it.
fn rsa(
    key: &RsaKeyPair,
    padding: &'static dyn RsaEncoding,
    input: &[u8],
) -> Result<Vec<u8>, NotSigned> {
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(padding, &SystemRandom::new(), input, &mut signature)
        .map_err(|_| NotSigned)?;
    Ok(signature)
}

#[cfg(test)]
mod tests;
