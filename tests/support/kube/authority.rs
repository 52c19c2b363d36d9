//! The certificates and keys of one server.

use std::fs;

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};

use super::process::Directory;

/// Writes `server.crt`, `server.key` and, for tokens of service accounts, `accounts.key` and `accounts.pub` into the
/// directory; the answer is the certificate that clients trust, also in `authority.crt`.
pub fn establish(directory: &Directory) -> String {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign];
    let key = KeyPair::generate().unwrap();
    let trusted = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);

    let mut params = CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().pem();

    let write = |name, text: &str| fs::write(directory.join(name), text).unwrap();
    write("authority.crt", &trusted);
    write("server.crt", &certificate);
    write("server.key", &key.serialize_pem());
    let accounts = KeyPair::generate().unwrap();
    write("accounts.key", &accounts.serialize_pem());
    write("accounts.pub", &accounts.public_key_pem());
    trusted
}
