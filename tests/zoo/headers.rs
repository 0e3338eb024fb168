//! The header as strict compilers see it, alone and used, and whole plugins as C++.

use std::path::Path;
use std::process::Command;
use zhengai_tests::zoo;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Compiles a program; `None` where there is no such compiler.
fn compiles(compiler: &str, words: &[&str], file: &Path) -> Option<Result<(), String>> {
    let mut command = Command::new(compiler);
    command.args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I"]);
    command.arg(root().join("plugins/abi/include")).args(words).arg(file);
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no `{compiler}` on this machine");
        return None;
    };
    Some(if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) })
}

/// Uses every struct and every constant, and includes the header twice.
const USE: &str = r#"
#include "zhengai_plugin.h"
#include "zhengai_plugin.h"
int use(const ZgHost *host, ZgReader *reader, ZgPlugin *plugin, struct ArrowSchema *schema, struct ArrowArray *array);
int use(const ZgHost *host, ZgReader *reader, ZgPlugin *plugin, struct ArrowSchema *schema, struct ArrowArray *array) {
  ZgError error; ZgBuf buffer; ZgStr text; const char *entry = ZG_ENTRY;
  error.struct_size = sizeof error; buffer.len = 0; text.len = 0;
  plugin->abi = ZG_ABI; plugin->struct_size = sizeof *plugin;
  if (ZG_HAS(host, ZgHost, cancelled) && host->cancelled(host->ctx)) return ZG_E_CANCELLED;
  if (reader->stream.release) reader->stream.release(&reader->stream);
  schema->flags = ARROW_FLAG_NULLABLE | ARROW_FLAG_DICTIONARY_ORDERED | ARROW_FLAG_MAP_KEYS_SORTED;
  return (int)(array->length + (int64_t)error.struct_size + (int64_t)buffer.len + (int64_t)text.len + entry[0]) + ZG_OK;
}
"#;

#[test]
fn the_header_is_clean_in_every_c_since_1999() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("use.c");
    std::fs::write(&file, USE).unwrap();
    for standard in ["-std=c99", "-std=c11", "-std=c17"] {
        if let Some(outcome) = compiles("cc", &[standard, "-Wstrict-prototypes"], &file) {
            assert_eq!(outcome, Ok(()), "{standard}");
        }
    }
}

#[test]
fn the_header_is_clean_in_every_cpp_since_2011() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("use.cpp");
    std::fs::write(&file, USE).unwrap();
    for standard in ["-std=c++11", "-std=c++17", "-std=c++20"] {
        if let Some(outcome) = compiles("c++", &[standard], &file) {
            assert_eq!(outcome, Ok(()), "{standard}");
        }
    }
}

#[test]
fn the_header_lives_beside_another_copy_of_the_arrow_structs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("both.c");
    let header = std::fs::read_to_string(root().join("plugins/abi/include/zhengai_plugin.h")).unwrap();
    let start = header.find("#ifndef ARROW_C_DATA_INTERFACE").unwrap();
    let end = header.find("#if defined(_WIN32)").unwrap();
    let arrow = format!("#include <stdint.h>\n{}\n{USE}", &header[start..end]);
    std::fs::write(&file, arrow).unwrap();
    if let Some(outcome) = compiles("cc", &["-std=c11"], &file) {
        assert_eq!(outcome, Ok(()));
    }
}

#[test]
fn every_animal_is_a_plugin_folder_that_can_be_found() {
    if zoo::compiler().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let names: std::collections::BTreeSet<&str> = zoo::ANIMALS.iter().map(|animal| animal.name).collect();
    assert_eq!(names.len(), zoo::ANIMALS.len(), "no name stands twice");
    for animal in zoo::ANIMALS.iter().chain([&zoo::TAME]) {
        let built = zoo::build(animal, folder.path());
        let found = zhengai_host::Found::open(&built).unwrap();
        assert_eq!(found.id().as_str(), animal.id());
        assert!(found.sha256.is_some());
        crate::cage::usual(&built);
    }
    assert_eq!(zhengai_host::scan(&[folder.path().to_owned()]).refused.len(), 0);
}
