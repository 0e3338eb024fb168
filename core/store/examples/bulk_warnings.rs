//! How long it takes to raise, load and move many warnings, and to dump them and load the dump:
//! `cargo run -p zhengai-store --example bulk_warnings 100000 [postgres://…]`. The database named must be empty.

use chrono::{DateTime, Utc};
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::time::Instant;
use zhengai_model::layer::Layer;
use zhengai_model::warning::{ConditionState, Event, Handling, Identity, Mode, Suppression, Transition, Warning};
use zhengai_store::{
    Actor, Address, Fate, NewRun, Record, WarningFilter, WarningGrouping, WarningOrder, WarningSort, WarningText,
    WarningWrite,
};

fn clock() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let folder = std::env::temp_dir().join(format!("zhengai-bulk-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let place = match std::env::args().nth(2) {
        Some(url) => Address::parse(&url)?,
        None => Address::file(&folder.join("record.db"))?,
    };
    let done = measure(&folder, &place, count).await;
    std::fs::remove_dir_all(&folder)?;
    done
}

fn tell(what: &str, count: usize, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what} {count}: {seconds:.2} s, {:.0} a second", count as f64 / seconds);
}

async fn measure(folder: &Path, place: &Address, count: usize) -> Result<(), Box<dyn Error>> {
    let record = Record::open_at(place, clock).await?;
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
    tell("raise", count, start);
    look(&record).await?;
    let start = Instant::now();
    let loaded = record.warning_load(&run.period, &[]).await?;
    tell("load", loaded.len(), start);
    let moves: Vec<_> = loaded
        .iter()
        .map(|seen| {
            let warning = Warning { condition: ConditionState::Inactive, ..seen.warning.clone() };
            let event = Some(Event::Cleared);
            let transition =
                Transition { warning: Some(warning), event, notify: zhengai_model::warning::Notify::Digest };
            WarningWrite::moved(seen, &transition, serde_json::Value::Null, 2)
        })
        .collect();
    let start = Instant::now();
    record.warning_save(&system, &run.id, &moves).await?;
    tell("move", moves.len(), start);
    let copy = folder.join("record.jsonl");
    let start = Instant::now();
    let summary = record.dump(BufWriter::new(File::create(&copy)?)).await?;
    tell("dump rows", usize::try_from(summary.rows())?, start);
    let start = Instant::now();
    let into = Address::file(&folder.join("copy.db"))?;
    Record::load_at(&into, BufReader::new(File::open(&copy)?), clock).await?;
    tell("load rows into SQLite", usize::try_from(summary.rows())?, start);
    record.close().await;
    Ok(())
}

/// The first page and the number of what fits, for filters and orders that people use.
async fn look(record: &Record) -> Result<(), Box<dyn Error>> {
    let page = || WarningFilter { limit: Some(100), ..WarningFilter::default() };
    let unit = WarningFilter { units: vec![("department".parse()?, "D07".parse()?)], ..page() };
    let text = WarningFilter {
        text: Some(WarningText { text: "25000777".to_owned(), rules: Vec::new(), objects: Vec::new() }),
        ..page()
    };
    let level = WarningFilter { levels: vec!["serious".parse()?], handlings: vec![Handling::New], ..page() };
    let deep = WarningFilter { offset: 900_000, ..page() };
    let views = [
        ("worst first", page(), WarningSort::Severity),
        ("by object", page(), WarningSort::Object),
        ("by due day", page(), WarningSort::Due),
        ("new and serious", level, WarningSort::Severity),
        ("one unit", unit, WarningSort::Severity),
        ("with words", text, WarningSort::Severity),
        ("row 900 000", deep, WarningSort::Severity),
    ];
    for (what, filter, sort) in views {
        let mut times = Vec::new();
        for _ in 0..20 {
            let start = Instant::now();
            record.warning_page(&filter, sort, WarningOrder::Down).await?;
            record.warning_count(&filter).await?;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        println!(
            "page and count, {what}: p50 {:?}, p95 {:?}",
            times.get(10).copied().unwrap_or_default(),
            times.get(18).copied().unwrap_or_default()
        );
    }
    let start = Instant::now();
    let units = record.warning_groups(&WarningFilter::default(), WarningGrouping::Unit).await?;
    println!("groups by unit ({}): {:?}", units.len(), start.elapsed());
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
        severity: 2,
        object_name: "李雷".to_owned(),
        unit: format!(">department/D{:02}>class/C{:03}>", number % 12, number % 700),
        because: serde_json::json!([{"indicator": "STU-ATTENDANCE", "value": "71.00", "when": "< 80"}]),
        event: Some(Event::Raised),
        fate: Fate::Stands,
        mode: Mode::Live,
        due: None,
    })
}
