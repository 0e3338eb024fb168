//! Properties: what is written as CSV is read back, and no bytes whatever make the connector panic.

use super::{discover, encode, read, read_with};
use encoding_rs::GB18030;
use proptest::prelude::*;
use serde_json::json;

fn cell() -> impl Strategy<Value = String> {
    let character = prop::sample::select(vec![
        'a', '1', '.', ' ', '"', '\n', '\r', ',', ';', '|', '\t', '\'', '=', '张', '三', '學', '，', '€', '𠮷',
    ]);
    prop::collection::vec(character, 0..8).prop_map(|characters| characters.into_iter().collect())
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..5).prop_flat_map(|width| prop::collection::vec(prop::collection::vec(cell(), width), 0..70))
}

fn written(rows: &[Vec<String>], width: usize, delimiter: u8, end: csv::Terminator) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(end).from_writer(Vec::new());
    let header = std::iter::once("编号".to_owned()).chain((0..width).map(|column| format!("列{column}名称")));
    writer.write_record(header).unwrap();
    for (index, row) in rows.iter().enumerate() {
        writer.write_record(std::iter::once(format!("n{index}")).chain(row.iter().cloned())).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_written_as_csv_reads_back_equal(
        rows in table(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        crlf in any::<bool>(),
        encoding in 0_usize..5,
    ) {
        let width = rows.first().map_or(1, Vec::len);
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let text = written(&rows, width, delimiter, end);
        let marked = format!("\u{feff}{text}");
        let bytes = match encoding {
            0 => text.into_bytes(),
            1 => marked.into_bytes(),
            2 => super::utf16(&marked, false),
            3 => super::utf16(&marked, true),
            _ => encode(&text, GB18030),
        };
        let options = json!({ "delimiter": char::from(delimiter).to_string(), "format": "csv" });
        let got = read_with("a.csv", &bytes, options).unwrap();
        prop_assert_eq!(got.columns.len(), width + 1);
        prop_assert!(got.faults.iter().all(Option::is_none), "{:?}", got.faults);
        let expected: Vec<Vec<String>> = rows
            .iter()
            .enumerate()
            .map(|(index, row)| std::iter::once(format!("n{index}")).chain(row.iter().cloned()).collect())
            .collect();
        prop_assert_eq!(got.texts(), expected);
    }

    #[test]
    fn random_bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
        start in prop::sample::select(vec![
            &b""[..], b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08\x00", b"\xff\xfe", b"{\"a\": ", b"a,b\n",
        ]),
        name in prop::sample::select(vec!["a.csv", "a.xlsx", "a.xls", "a.parquet", "a.jsonl", "a"]),
    ) {
        let all = [start, &bytes].concat();
        let _ = read(name, &all);
        let _ = discover(name, &all);
    }

    #[test]
    fn a_damaged_workbook_never_panics(at in 0_usize..4000, byte in any::<u8>(), old in any::<bool>()) {
        use super::xls_file::{Cell, container, workbook};
        let mut bytes = if old {
            container("Workbook", &workbook("s", &[(0, 0, Cell::Text("a")), (1, 0, Cell::Number(1.0))]))
        } else {
            super::sheets::xlsx(|sheet| {
                sheet.write_string(0, 0, "a").unwrap();
                sheet.write_number(1, 0, 1.0).unwrap();
            })
        };
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read("a.xlsx", &bytes);
    }
}
