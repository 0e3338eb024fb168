//! Tests of control frames: what arrives in pieces, cut off, too long, or as no frame at all.

use super::{Cursor, Decoder, FRAME_LIMIT, FrameFault, FromWorker, ToWorker, encode};
use serde_json::json;

fn decode(bytes: &[u8]) -> Result<Vec<FromWorker>, FrameFault> {
    let mut decoder = Decoder::default();
    decoder.push(bytes);
    let mut frames = Vec::new();
    while let Some((frame, _)) = decoder.next()? {
        frames.push(frame);
    }
    decoder.end()?;
    Ok(frames)
}

fn raw(body: &str) -> Vec<u8> {
    let mut bytes = (body.len() as u32).to_be_bytes().to_vec();
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

#[test]
fn frames_come_out_as_they_went_in_however_they_are_cut() {
    let cursor = Cursor::At(json!({ "n": 1.5, "text": "名\n" }));
    let mut bytes = encode(&FromWorker::Batch { read: 3, rows: 10, bytes: 640, cursor }).unwrap();
    bytes.extend(encode(&FromWorker::Pull { input: 7 }).unwrap());
    for step in [1, 3, 1000] {
        let mut decoder = Decoder::default();
        let mut frames = Vec::new();
        for piece in bytes.chunks(step) {
            decoder.push(piece);
            while let Some((frame, _)) = decoder.next::<FromWorker>().unwrap() {
                frames.push(frame);
            }
        }
        assert_eq!(decoder.end(), Ok(()));
        let [FromWorker::Batch { read: 3, rows: 10, bytes: 640, cursor }, FromWorker::Pull { input: 7 }] = &frames[..]
        else {
            unreachable!("{frames:?}")
        };
        assert!(matches!(cursor, Cursor::At(state) if *state == json!({ "n": 1.5, "text": "名\n" })));
    }
}

#[test]
fn a_frame_that_is_cut_off_is_not_a_frame() {
    let bytes = encode(&FromWorker::Bye).unwrap();
    for length in 1..bytes.len() {
        assert_eq!(decode(&bytes[..length]).unwrap_err(), FrameFault::CutOff(length));
    }
    assert!(decode(&[]).unwrap().is_empty());
}

#[test]
fn a_length_that_no_frame_has_is_refused_before_its_bytes_arrive() {
    for length in [FRAME_LIMIT as u32 + 1, u32::MAX] {
        assert_eq!(decode(&length.to_be_bytes()).unwrap_err(), FrameFault::TooLong(length as usize));
    }
}

#[test]
fn what_is_not_a_frame_is_refused_without_telling_what_it_was() {
    for body in ["", "{", "null", "[]", r#"{"frame":"pull"}"#, r#"{"frame":"pull","input":"s3cret"}"#, "s3cret"] {
        let fault = decode(&raw(body)).unwrap_err();
        assert!(matches!(fault, FrameFault::Unreadable { .. }), "{body}");
        assert!(!fault.to_string().contains("s3cret"));
    }
}

#[test]
fn fields_and_frames_of_a_newer_version_are_tolerated() {
    let frames = decode(&raw(r#"{"frame":"pull","input":1,"colour":"red"}"#)).unwrap();
    assert!(matches!(frames[..], [FromWorker::Pull { input: 1 }]));
    let frames = decode(&raw(r#"{"frame":"sing","song":"la"}"#)).unwrap();
    assert!(matches!(frames[..], [FromWorker::Unknown]));
}

#[test]
fn a_frame_that_is_too_long_is_not_made() {
    let answer = json!("x".repeat(FRAME_LIMIT));
    assert!(matches!(encode(&FromWorker::Answer { id: 1, answer }), Err(FrameFault::TooLong(_))));
}

#[test]
fn a_secret_does_not_show_itself() {
    let frame = ToWorker::Secret { id: 1, value: Some(super::Concealed("s3cret".to_owned())) };
    assert!(!format!("{frame:?}").contains("s3cret"));
    assert!(String::from_utf8(encode(&frame).unwrap()).unwrap().contains("s3cret"));
}
