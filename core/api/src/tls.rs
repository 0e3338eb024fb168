//! Encryption: the one provider of the house, installed once.

use std::sync::Once;

static PROVIDED: Once = Once::new();

/// Makes ring the provider of this process, unless somebody chose one before.
pub(crate) fn provide() {
    PROVIDED.call_once(|| {
        // A provider that is there already does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
