//! The channel binding `tls-server-end-point` (RFC 5929 section 4): which certificate the host
//! has shown, so that a proof given to one host is worth nothing at another.

use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};
use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry::{
    OID_HASH_SHA1, OID_NIST_HASH_SHA256, OID_NIST_HASH_SHA384, OID_NIST_HASH_SHA512,
    OID_PKCS1_MD5WITHRSAENC, OID_PKCS1_RSASSAPSS, OID_PKCS1_SHA1WITHRSA, OID_PKCS1_SHA256WITHRSA,
    OID_PKCS1_SHA384WITHRSA, OID_PKCS1_SHA512WITHRSA, OID_SIG_ECDSA_WITH_SHA256,
    OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ECDSA_WITH_SHA512, Oid,
};
use x509_parser::prelude::FromDer;
use x509_parser::signature_algorithm::RsaSsaPssParams;

/// The hash inside a signature.
#[derive(Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// The binding as NTLM carries it: MD5 over GSS-API's channel bindings structure without
/// addresses (MS-NLMP 2.2.2.1, RFC 4121 section 4.1.1.2). `None` where the certificate is signed
/// in a way for which RFC 5929 names no hash, such as Ed25519.
pub(crate) fn channel_binding(certificate: &[u8]) -> Option<[u8; 16]> {
    let hash = match signed_with(certificate)? {
        Hash::Sha256 => Sha256::digest(certificate).to_vec(),
        Hash::Sha384 => Sha384::digest(certificate).to_vec(),
        Hash::Sha512 => Sha512::digest(certificate).to_vec(),
    };
    Some(bindings_hash(&hash))
}

/// Of a certificate's hash.
fn bindings_hash(certificate_hash: &[u8]) -> [u8; 16] {
    let application = [b"tls-server-end-point:", certificate_hash].concat();
    let length = u32::try_from(application.len()).unwrap_or(u32::MAX);
    let mut md5 = Md5::new();
    // Two addresses, each a type and a length of nothing.
    md5.update([0; 16]);
    md5.update(length.to_le_bytes());
    md5.update(&application);
    md5.finalize().into()
}

/// The hash that a certificate's own signature uses; MD5 and SHA-1 count as SHA-256.
fn signed_with(certificate: &[u8]) -> Option<Hash> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let algorithm = &certificate.signature_algorithm;
    if algorithm.algorithm == OID_PKCS1_RSASSAPSS {
        let parameters = algorithm.parameters.as_ref()?;
        let parameters = RsaSsaPssParams::try_from(parameters).ok()?;
        return hash_of(parameters.hash_algorithm_oid());
    }
    hash_of(&algorithm.algorithm)
}

fn hash_of(algorithm: &Oid<'_>) -> Option<Hash> {
    let is = |known: &[Oid<'static>]| known.contains(algorithm);
    if is(&[
        OID_PKCS1_MD5WITHRSAENC,
        OID_PKCS1_SHA1WITHRSA,
        OID_HASH_SHA1,
        OID_PKCS1_SHA256WITHRSA,
        OID_SIG_ECDSA_WITH_SHA256,
        OID_NIST_HASH_SHA256,
    ]) {
        Some(Hash::Sha256)
    } else if is(&[
        OID_PKCS1_SHA384WITHRSA,
        OID_SIG_ECDSA_WITH_SHA384,
        OID_NIST_HASH_SHA384,
    ]) {
        Some(Hash::Sha384)
    } else if is(&[
        OID_PKCS1_SHA512WITHRSA,
        OID_SIG_ECDSA_WITH_SHA512,
        OID_NIST_HASH_SHA512,
    ]) {
        Some(Hash::Sha512)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{
        CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
        SignatureAlgorithm,
    };
    use sha2::{Digest, Sha256, Sha384};

    use super::{bindings_hash, channel_binding};

    fn certificate(algorithm: &'static SignatureAlgorithm) -> Vec<u8> {
        let key = KeyPair::generate_for(algorithm).expect("a key");
        let parameters = CertificateParams::new(vec!["a.example".to_owned()]).expect("a name");
        parameters.self_signed(&key).expect("signed").der().to_vec()
    }

    /// The example of Microsoft's note on channel binding hashes in NTLM.
    #[test]
    fn the_hash_is_the_one_published() {
        let certificate_hash =
            hex::decode("ea05fefecc6b0bd571dbbc5baa3ed45386d0446835f7b74c85621b9983475f95")
                .expect("hex");
        assert_eq!(
            hex::encode(bindings_hash(&certificate_hash)),
            "6586e99d81c2fc984e47172fd4dd0310"
        );
    }

    #[test]
    fn the_hash_is_that_of_the_certificates_own_signature() {
        let small = certificate(&PKCS_ECDSA_P256_SHA256);
        let expected = bindings_hash(&Sha256::digest(&small));
        assert_eq!(channel_binding(&small), Some(expected));
        let large = certificate(&PKCS_ECDSA_P384_SHA384);
        let expected = bindings_hash(&Sha384::digest(&large));
        assert_eq!(channel_binding(&large), Some(expected));
        assert_eq!(channel_binding(&certificate(&PKCS_ED25519)), None);
        assert_eq!(channel_binding(b"not a certificate"), None);
    }
}
