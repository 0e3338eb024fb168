//! Makes small OLE containers by hand: an XLS with a few cells, an encrypted one.

/// A cell of the workbook: row, column, value.
pub(super) enum Cell {
    Text(&'static str),
    Number(f64),
    Date(f64),
    /// What the sheet says of its own extent: rows and columns.
    Extent(u32, u16),
}

fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&(body.len() as u16).to_le_bytes());
    out.extend_from_slice(body);
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A BIFF8 workbook with one sheet.
pub(super) fn workbook(sheet: &str, cells: &[(u16, u16, Cell)]) -> Vec<u8> {
    let bof = |kind: u16| [&0x0600_u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat();
    let mut globals = Vec::new();
    record(&mut globals, 0x0809, &bof(5));
    record(&mut globals, 0x0042, &1200_u16.to_le_bytes());
    let format = |id: u16| [&[0, 0][..], &id.to_le_bytes(), &[0; 16]].concat();
    record(&mut globals, 0x00e0, &format(0));
    record(&mut globals, 0x00e0, &format(14));
    let name = wide(sheet);
    let sheet_record = 4 + 8 + name.len();
    let start = (globals.len() + sheet_record + 4) as u32;
    let body = [&start.to_le_bytes()[..], &[0, 0, (name.len() / 2) as u8, 1], &name].concat();
    record(&mut globals, 0x0085, &body);
    record(&mut globals, 0x000a, &[]);
    record(&mut globals, 0x0809, &bof(0x10));
    for (row, column, cell) in cells {
        let place = |style: u16| [row.to_le_bytes(), column.to_le_bytes(), style.to_le_bytes()].concat();
        match cell {
            Cell::Text(text) => {
                let text = wide(text);
                let length = (text.len() / 2) as u16;
                record(&mut globals, 0x0204, &[place(0), length.to_le_bytes().to_vec(), vec![1], text].concat());
            }
            Cell::Extent(rows, columns) => {
                let body = [&[0; 4][..], &rows.to_le_bytes(), &[0; 2], &columns.to_le_bytes(), &[0; 2]].concat();
                record(&mut globals, 0x0200, &body);
            }
            Cell::Number(value) => record(&mut globals, 0x0203, &[place(0), value.to_le_bytes().to_vec()].concat()),
            Cell::Date(value) => record(&mut globals, 0x0203, &[place(1), value.to_le_bytes().to_vec()].concat()),
        }
    }
    record(&mut globals, 0x000a, &[]);
    globals
}

/// An OLE container with one stream.
pub(super) fn container(stream: &str, content: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    let mut content = content.to_vec();
    content.resize(content.len().max(4096).next_multiple_of(SECTOR), 0);
    let sectors = content.len() / SECTOR;
    let mut header = vec![0_u8; SECTOR];
    header[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(24, &[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(56, &4096_u32.to_le_bytes());
    put(60, &0xffff_fffe_u32.to_le_bytes());
    put(68, &0xffff_fffe_u32.to_le_bytes());
    put(76, &0_u32.to_le_bytes());
    (1..109).for_each(|index| put(76 + index * 4, &u32::MAX.to_le_bytes()));
    let mut table = vec![0xffff_fffd_u32, 0xffff_fffe];
    table.extend((0..sectors).map(|index| if index + 1 == sectors { 0xffff_fffe } else { index as u32 + 3 }));
    assert!(table.len() <= 128, "one sector of table is enough for a test");
    table.resize(128, u32::MAX);
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut entry = vec![0_u8; 128];
        let name = wide(&format!("{name}\0"));
        entry[..name.len()].copy_from_slice(&name);
        entry[64..66].copy_from_slice(&(name.len() as u16).to_le_bytes());
        entry[66] = kind;
        entry[68..80].fill(0xff);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        entry
    };
    let mut directory = entry("Root Entry", 5, 0xffff_fffe, 0);
    directory[76..80].copy_from_slice(&1_u32.to_le_bytes());
    directory.extend(entry(stream, 2, 2, content.len() as u32));
    directory.resize(SECTOR, 0);
    let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, table, directory, content].concat()
}
