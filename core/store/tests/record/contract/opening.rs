//! Opening a record, alone and together with others.

use super::Place;
use super::samples::{admin, batch, clock};
use tokio::task::JoinSet;
use zhengai_store::{BatchFilter, Record};

pub(crate) async fn many_may_open_a_new_record_at_once(place: &impl Place) {
    // Each opens a connection of its own, as a process does.
    let mut opening = JoinSet::new();
    for _ in 0..6 {
        let address = place.address();
        opening.spawn(async move { Record::open_at(&address, clock).await });
    }
    while let Some(opened) = opening.join_next().await {
        let record = opened.unwrap().unwrap();
        assert_eq!(record.audit_verify().await.unwrap().broken, None);
        record.close().await;
    }
    place.open().await.batch_create(&admin(), &batch("B1")).await.unwrap();
}

pub(crate) async fn a_reader_opens_beside_a_change_under_way(place: &impl Place) {
    let record = place.open().await;
    let mut writers = JoinSet::new();
    for number in 0..20 {
        let record = record.clone();
        writers.spawn(async move { record.batch_create(&admin(), &batch(&format!("B{number}"))).await });
    }
    for _ in 0..5 {
        let reader = place.open().await;
        reader.batch_list(&BatchFilter::default()).await.unwrap();
        reader.close().await;
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap().unwrap();
    }
}
