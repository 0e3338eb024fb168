//! Holds the C header and the Rust structs together: sizes of the draft, every offset, as C and as C++.

use std::io::Write as _;
use std::mem::offset_of;
use std::process::{Command, Stdio};
use zhengai_plugin_abi::{
    ArrowArray, ArrowArrayStream, ArrowSchema, ErrorClass, HEADER, ZG_ABI, ZG_ENTRY, ZgBuf, ZgError, ZgHost, ZgPlugin,
    ZgReader, ZgStr, read_table, write_table,
};

#[test]
#[cfg(target_pointer_width = "64")]
fn sizes_are_those_of_the_draft() {
    let sizes = [
        size_of::<ZgPlugin>(),
        size_of::<ZgHost>(),
        size_of::<ZgReader>(),
        size_of::<ZgError>(),
        size_of::<ZgBuf>(),
        size_of::<ZgStr>(),
    ];
    assert_eq!(sizes, [104, 48, 64, 80, 32, 16]);
}

macro_rules! layout {
    ($checks:ident, $tag:literal, $type:ty, $($member:ident),+) => {{
        let tag = $tag;
        $checks.push(format!("sizeof({tag}) == {}", size_of::<$type>()));
        $($checks.push(format!("offsetof({tag}, {}) == {}", stringify!($member), offset_of!($type, $member)));)+
    }};
}

fn layout_checks() -> Vec<String> {
    let mut checks = Vec::new();
    layout!(checks, "ZgStr", ZgStr, ptr, len);
    layout!(checks, "ZgBuf", ZgBuf, ptr, len, owner, release);
    layout!(checks, "ZgError", ZgError, struct_size, code, retry_after_ms, reserved, message, detail);
    layout!(checks, "ZgHost", ZgHost, struct_size, abi, ctx, log, cancelled, progress, secret);
    layout!(checks, "ZgReader", ZgReader, stream, struct_size, reserved, state, error);
    layout!(checks, "ZgPlugin", ZgPlugin, struct_size, abi, ctx, describe, create, destroy, cancel);
    layout!(checks, "ZgPlugin", ZgPlugin, check, discover, schema, read, write, transform, call);
    layout!(checks, "struct ArrowSchema", ArrowSchema, format, name, metadata, flags, n_children);
    layout!(checks, "struct ArrowSchema", ArrowSchema, children, dictionary, release, private_data);
    layout!(checks, "struct ArrowArray", ArrowArray, length, null_count, offset, n_buffers, n_children, buffers);
    layout!(checks, "struct ArrowArray", ArrowArray, children, dictionary, release, private_data);
    layout!(checks, "struct ArrowArrayStream", ArrowArrayStream, get_schema, get_next, get_last_error, release);
    layout!(checks, "struct ArrowArrayStream", ArrowArrayStream, private_data);
    checks.push(format!("ZG_ABI == {ZG_ABI}u"));
    checks.push(format!("sizeof(ZG_ENTRY) == {}", ZG_ENTRY.len() + 1));
    let classes = [
        ("ZG_E_ABI", ErrorClass::Abi),
        ("ZG_E_CONFIG", ErrorClass::Config),
        ("ZG_E_TRANSIENT", ErrorClass::Transient),
        ("ZG_E_SYSTEM", ErrorClass::System),
        ("ZG_E_DATA", ErrorClass::Data),
        ("ZG_E_AUTH", ErrorClass::Auth),
        ("ZG_E_UNSUPPORTED", ErrorClass::Unsupported),
        ("ZG_E_CANCELLED", ErrorClass::Cancelled),
        ("ZG_E_TIMEOUT", ErrorClass::Timeout),
        ("ZG_E_RATE_LIMIT", ErrorClass::RateLimit),
        ("ZG_E_PANIC", ErrorClass::Panic),
    ];
    checks.extend(classes.map(|(name, class)| format!("{name} == {}", class.code())));
    checks
}

/// Feeds a program to the system's compiler; `None` where there is none for this language.
fn compiles(compiler: &str, arguments: &[&str], program: &str) -> Option<Result<(), String>> {
    let mut command = Command::new(compiler);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("skipped: there is no `{compiler}` on this machine");
        return None;
    };
    let mut input = child.stdin.take().expect("stdin is piped");
    input.write_all(program.as_bytes()).expect("the compiler reads its input");
    drop(input);
    let output = child.wait_with_output().expect("the compiler ends");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(errors) })
}

#[test]
fn the_header_compiles_as_c_and_agrees_with_rust_on_every_offset() {
    let asserts: String = layout_checks()
        .iter()
        .map(|check| format!("_Static_assert({check}, \"{}\");\n", check.replace('"', "")))
        .collect();
    let program = format!("{HEADER}\n#include <stddef.h>\n{asserts}");
    let arguments = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-"];
    if let Some(outcome) = compiles("cc", &arguments, &program) {
        assert_eq!(outcome, Ok(()));
    }
}

#[test]
fn the_header_compiles_as_cpp() {
    let asserts: String = layout_checks()
        .iter()
        .map(|check| format!("static_assert({check}, \"{}\");\n", check.replace('"', "")))
        .collect();
    let program = format!("{HEADER}\n#include <cstddef>\n{asserts}");
    let arguments = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++", "-"];
    if let Some(outcome) = compiles("c++", &arguments, &program) {
        assert_eq!(outcome, Ok(()));
    }
}

#[test]
fn a_wrong_offset_does_not_compile() {
    let program = format!("{HEADER}\n_Static_assert(sizeof(ZgPlugin) == 1, \"\");\n");
    if let Some(outcome) = compiles("cc", &["-std=c11", "-fsyntax-only", "-x", "c", "-"], &program) {
        assert!(outcome.is_err());
    }
}

#[test]
fn every_class_comes_back_from_its_code_and_an_unknown_code_is_a_system_error() {
    for code in 1..=11 {
        assert_eq!(ErrorClass::from_code(code).code(), code);
    }
    assert_eq!(ErrorClass::from_code(99), ErrorClass::System);
    assert_eq!(ErrorClass::from_code(-1), ErrorClass::System);
}

#[test]
fn a_shorter_table_reads_as_one_with_members_missing() {
    unsafe extern "C" fn destroy(_: *mut zhengai_plugin_abi::ZgInstance) {}
    unsafe extern "C" fn cancel(_: *mut zhengai_plugin_abi::ZgInstance) {}
    let size = offset_of!(ZgPlugin, cancel) as u32;
    let table = ZgPlugin { struct_size: size, destroy: Some(destroy), cancel: Some(cancel), ..ZgPlugin::empty() };
    // SAFETY: the table is larger than it says.
    let read = unsafe { read_table(&raw const table) };
    assert!(read.destroy.is_some());
    assert!(read.cancel.is_none());
}

#[test]
fn a_table_fills_no_more_than_the_room_that_it_is_given() {
    let table = ZgPlugin { abi: ZG_ABI, ..ZgPlugin::empty() };
    let mut room = [0xff_u8; size_of::<ZgPlugin>()];
    room[..4].copy_from_slice(&16_u32.to_ne_bytes());
    // SAFETY: 16 bytes are there, and more.
    unsafe { write_table(&table, room.as_mut_ptr().cast()) };
    assert_eq!(room[..4], 16_u32.to_ne_bytes());
    assert_eq!(room[4..8], ZG_ABI.to_ne_bytes());
    assert!(room[16..].iter().all(|byte| *byte == 0xff));
}

#[test]
fn an_owned_buffer_is_copied_out_once_and_empty_afterwards() {
    let mut buffer = ZgBuf::from_vec(b"abc".to_vec());
    // SAFETY: the buffer owns its bytes.
    unsafe {
        assert_eq!(buffer.take(), b"abc");
        assert_eq!(buffer.take(), b"");
    }
    assert!(buffer.release.is_none());
}
