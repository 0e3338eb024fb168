//! The contract of the record. Each function takes a fresh place and must hold on every database; `contract_suite!`
//! makes a test of each. To put another database under contract, implement [`Place`] and name it in the macro.

pub(crate) mod audit;
pub(crate) mod batches;
pub(crate) mod cycles;
pub(crate) mod definitions;
pub(crate) mod periods;
pub(crate) mod runs;
pub(crate) mod samples;
pub(crate) mod sources;
pub(crate) mod warnings;

use zhengai_store::Record;

/// Where a record can be opened again and again, and touched behind its back.
pub(crate) trait Place {
    /// Opens the record, with the clock of [`samples::clock`].
    async fn open(&self) -> Record;
    /// Runs a statement outside the record, as somebody with a database tool would, all guards switched off.
    async fn tamper(&self, sql: &'static str);
}

/// Makes one test of each function of the contract for the place that the expression gives.
macro_rules! contract_suite {
    ($place:expr; $($area:ident: $($name:ident),+ $(,)?;)+) => {$($(
        #[tokio::test]
        async fn $name() {
            let place = $place;
            $crate::contract::$area::$name(&place).await;
        }
    )+)+};
}
pub(crate) use contract_suite;
