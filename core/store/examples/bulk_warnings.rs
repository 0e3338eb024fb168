//! How long it takes to raise, load and move many warnings: `cargo run -p zhengai-store --example bulk_warnings 100000`.

use chrono::{DateTime, Utc};
use std::error::Error;
use std::time::Instant;
use zhengai_model::layer::Layer;
use zhengai_model::warning::{ConditionState, Event, Handling, Identity, Mode, Suppression, Transition, Warning};
use zhengai_store::{Actor, Fate, NewRun, Record, WarningWrite};

fn clock() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let folder = std::env::temp_dir().join(format!("zhengai-bulk-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = measure(&folder, count).await;
    std::fs::remove_dir_all(&folder)?;
    done
}

async fn measure(folder: &std::path::Path, count: usize) -> Result<(), Box<dyn Error>> {
    let record = Record::open_file(&folder.join("record.db"), clock).await?;
    let system = Actor::new("system", "machine");
    let run = NewRun {
        id: "R1".parse()?,
        cycle: None,
        period: "AY2025-T1".parse()?,
        layers: vec![Layer::Student],
        request: serde_json::Value::Null,
    };
    record.run_start(&system, &run).await?;
    let writes = (0..count).map(raise).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let start = Instant::now();
    record.warning_save(&system, &run.id, &writes).await?;
    println!("raise {count}: {:?}", start.elapsed());
    let start = Instant::now();
    let loaded = record.warning_load(&run.period, &[]).await?;
    println!("load  {}: {:?}", loaded.len(), start.elapsed());
    let moves: Vec<_> = loaded
        .iter()
        .map(|seen| {
            let warning = Warning { condition: ConditionState::Inactive, ..seen.warning.clone() };
            let event = Some(Event::Cleared);
            let transition =
                Transition { warning: Some(warning), event, notify: zhengai_model::warning::Notify::Digest };
            WarningWrite::moved(seen, &transition, serde_json::Value::Null)
        })
        .collect();
    let start = Instant::now();
    record.warning_save(&system, &run.id, &moves).await?;
    println!("move  {}: {:?}", moves.len(), start.elapsed());
    record.close().await;
    Ok(())
}

fn raise(number: usize) -> Result<WarningWrite, Box<dyn Error>> {
    Ok(WarningWrite {
        seen: None,
        warning: Warning {
            identity: Identity {
                rule: "STU-ATTENDANCE".parse()?,
                kind: "student".parse()?,
                object: format!("2025{number:06}").parse()?,
                period: "AY2025-T1".parse()?,
            },
            condition: ConditionState::Active,
            good_in_a_row: 0,
            bad_in_a_row: 1,
            handling: Handling::New,
            resolution: None,
            suppression: Suppression::None,
            level: "serious".parse()?,
        },
        layer: Layer::Student,
        object_name: "李雷".to_owned(),
        because: serde_json::json!([{"indicator": "STU-ATTENDANCE", "value": "71.00", "when": "< 80"}]),
        event: Some(Event::Raised),
        fate: Fate::Stands,
        mode: Mode::Live,
        due: None,
    })
}
