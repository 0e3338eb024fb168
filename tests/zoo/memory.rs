//! Animals that eat memory.

use crate::cage::{Cage, ended, two_batches, whole};
use serde_json::json;

#[test]
fn memory_without_end_ends_at_its_limit_and_keeps_what_came() {
    let Some(mut cage) = Cage::of("leak-in-stream") else { return };
    cage.settings.limits.memory_bytes = 256 << 20;
    let life = cage.live(&json!({}));
    two_batches(&life);
    ended(&cage, &life, "next", "limit memory", "256 MiB", "256 MiB");
}

#[test]
fn what_one_instance_loses_is_gone_with_its_worker() {
    let Some(cage) = Cage::of("leak-in-create") else { return };
    for _ in 0..3 {
        whole(&cage, &cage.live(&json!({})));
    }
}
