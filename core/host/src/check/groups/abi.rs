//! The entry: opens, refuses what it cannot speak, keeps to the room that it is given.

use crate::check::bench::Bench;
use crate::check::report::Outcome;
use crate::inprocess::InProcess;
use crate::library;
use std::mem::offset_of;
use zhengai_model::fault::Explain;
use zhengai_model::text::Message;
use zhengai_plugin_abi::{ZG_ABI, ZG_E_ABI, ZG_OK, ZgError, ZgOpen, ZgPlugin};

/// The library opens with all symbols, and its table can be used.
pub(in crate::check) fn open(bench: &mut Bench) -> Outcome {
    let entry = match entry(bench) {
        Ok(entry) => entry,
        Err(outcome) => return outcome,
    };
    // SAFETY: the symbol has the name that only plugins of this interface export, and its library is never unloaded. That
    // it keeps the interface is what this process is there to find out.
    match unsafe { InProcess::open(bench.found.id().clone(), entry) } {
        Ok(_) => Outcome::GOOD,
        Err(error) if error.failure().is_some() => bench.failed("zg_plugin_open", &error),
        Err(error) => Outcome::Fail(error.message()),
    }
}

/// The bare plugin, without the host's own look at configurations.
pub(in crate::check) fn bare(bench: &Bench) -> Result<InProcess, Outcome> {
    let entry = entry(bench)?;
    // SAFETY: as above.
    unsafe { InProcess::open(bench.found.id().clone(), entry) }.map_err(|error| Outcome::Fail(error.message()))
}

/// A host of another major version is refused in words, not served by chance.
pub(in crate::check) fn majors(bench: &mut Bench) -> Outcome {
    let entry = match entry(bench) {
        Ok(entry) => entry,
        Err(outcome) => return outcome,
    };
    let mut table = ZgPlugin::empty();
    let mut error = ZgError::empty();
    // SAFETY: table and error are ours, of the sizes that they say.
    let code = unsafe { entry(99 << 16, std::ptr::null(), &mut table, &mut error) };
    // SAFETY: the plugin filled the error or left it empty.
    let said = unsafe { error.message.take() };
    // SAFETY: as above.
    unsafe { error.detail.discard() };
    if code != ZG_E_ABI {
        return Outcome::Fail(Message::new("check-why-any-major").with("code", code));
    }
    if said.is_empty() {
        return Outcome::Fail(Message::new("check-why-silent").with("call", "zg_plugin_open"));
    }
    Outcome::GOOD
}

/// A table with a guard behind it: an older host has less room than this interface's newest table.
#[repr(C)]
struct Guarded {
    table: ZgPlugin,
    guard: [u8; 256],
}

const GUARD: u8 = 0xA5;

/// An older host gives less room; what lies behind it is not touched.
pub(in crate::check) fn room(bench: &mut Bench) -> Outcome {
    let entry = match entry(bench) {
        Ok(entry) => entry,
        Err(outcome) => return outcome,
    };
    let room = offset_of!(ZgPlugin, transform);
    let mut guarded = Box::new(Guarded { table: ZgPlugin::empty(), guard: [GUARD; 256] });
    guarded.table.struct_size = room as u32;
    let start = (&raw mut *guarded).cast::<u8>();
    let all = size_of::<Guarded>();
    // SAFETY: the bytes behind the room are ours; nobody reads them as a table any more.
    unsafe { std::ptr::write_bytes(start.add(room), GUARD, all - room) };
    let mut error = ZgError::empty();
    // SAFETY: table and error are ours; the room is smaller than the memory behind it.
    let code = unsafe { entry(ZG_ABI, std::ptr::null(), start.cast(), &mut error) };
    // SAFETY: the plugin filled the error or left it empty.
    unsafe {
        error.message.discard();
        error.detail.discard();
    }
    // SAFETY: all bytes were written above, by us or by the plugin.
    let behind = unsafe { std::slice::from_raw_parts(start.add(room), all - room) };
    // SAFETY: the first member of the table, always written.
    let size = unsafe { start.cast::<u32>().read() } as usize;
    let kept = behind.iter().all(|byte| *byte == GUARD);
    match (code, kept) {
        (ZG_OK, true) if size <= room => Outcome::GOOD,
        (ZG_OK, _) => Outcome::Fail(Message::new("check-why-room").with("room", room).with("size", size)),
        (_, true) => Outcome::GOOD,
        (_, false) => Outcome::Fail(Message::new("check-why-room").with("room", room).with("size", size)),
    }
}

pub(in crate::check) fn entry(bench: &Bench) -> Result<ZgOpen, Outcome> {
    let (path, sha256) = bench.found.checked_library().map_err(|error| Outcome::Fail(error.message()))?;
    library::open(bench.found.id(), path, sha256).map_err(|error| Outcome::Fail(error.message()))
}
