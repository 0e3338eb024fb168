//! The record: its file, its audit chain, its time.

use super::{Check, Finding, Patient};
use zhengai_model::fault::Explain;

pub(super) async fn look(patient: &Patient<'_>, found: &mut Vec<Finding>) {
    let Some(record) = &patient.record else { return };
    match record.integrity().await {
        Ok(problems) => found.extend(
            problems
                .into_iter()
                .map(|problem| Finding::new(Check::RecordDamaged, record.place()).with("problem", problem)),
        ),
        Err(error) => found.push(Finding::new(Check::RecordDamaged, record.place()).says(error.message())),
    }
    match record.audit_verify().await {
        Ok(check) => found.extend(check.broken.map(|broken| {
            Finding::new(Check::AuditBroken, broken.seq).with("cause", crate::words::word(&broken.cause))
        })),
        Err(error) => found.push(Finding::new(Check::AuditBroken, record.place()).says(error.message())),
    }
    if let Ok(Some(newest)) = record.newest().await {
        let now = (patient.opening.clock)();
        if now + crate::college::NOISE < newest {
            let shown = |time: chrono::DateTime<chrono::Utc>| time.format("%Y-%m-%d %H:%M:%S UTC").to_string();
            found.push(Finding::new(Check::ClockBehind, shown(now)).with("newest", shown(newest)));
        }
    }
}
