//! The zoo: plugins with bad manners, built where a test wants them.
//!
//! Each animal is a proper plugin folder (manifest, library, `tests/config/*.json`) and a connector that behaves until
//! it bites: component `cage`, stream `departments`, three rows a batch, cursor `{"batch": n}` after each, four
//! batches, the bite after two. The configuration moves that: `good`, `batches`, and for animals that reach out
//! `path` and `port`. Sources: `tests/zoo/zoo.c` and `tests/zoo/rust`.

mod animals;

pub use animals::{ANIMALS, TAME};

use std::path::{Path, PathBuf};
use std::process::Command;

/// One bad plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Animal {
    /// Its name in lower-case words with `-`; the plugin's id is `zoo-` and this.
    pub name: &'static str,
    /// What it is written in.
    pub language: Language,
    /// When it bites.
    pub bites: Bite,
    /// What it does, for messages of tests.
    pub does: &'static str,
}

/// What an animal is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `tests/zoo/zoo.c`, by the system's compiler.
    C,
    /// `tests/zoo/rust`, by cargo.
    Rust,
}

/// When an animal bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bite {
    /// It does not.
    Never,
    /// When its library is opened, before any call.
    Load,
    /// In `zg_plugin_open` or `describe`.
    Describe,
    /// In `create`.
    Create,
    /// In `check` and in the call `feed`.
    Call,
    /// In what `discover` or `schema` promises.
    Promise,
    /// In `read`, before the first batch.
    Read,
    /// In the batch after the good ones.
    Stream,
    /// In the cursor after a batch.
    State,
    /// When it is asked to stop.
    Cancel,
    /// In `destroy`.
    Destroy,
    /// Rows and answers are right; what it does beside them is not.
    Manners,
}

/// The animal of this name.
///
/// # Panics
/// When there is none.
#[must_use]
#[track_caller]
pub fn animal(name: &str) -> &'static Animal {
    ANIMALS.iter().find(|animal| animal.name == name).unwrap_or_else(|| panic!("no animal `{name}`"))
}

/// The C compiler of this machine; `None` where there is none, and a test says that it skips.
#[must_use]
pub fn compiler() -> Option<&'static str> {
    let found = Command::new("cc").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("skipped: there is no C compiler `cc` on this machine");
    }
    found.then_some("cc")
}

impl Animal {
    /// The plugin's id.
    #[must_use]
    pub fn id(&self) -> String {
        format!("zoo-{}", self.name)
    }

    /// Base name of its library.
    fn library(&self) -> String {
        format!("zoo_{}", self.name.replace('-', "_"))
    }

    fn manifest(&self) -> String {
        let Self { does, .. } = self;
        let (id, library) = (self.id(), self.library());
        format!(
            "id = \"{id}\"\nnames = {{ zh = \"动物园：{id}\", en = \"Zoo: {id}\" }}\nversion = \"1.0.0\"\n\
             kind = \"connector\"\nabi = \"1.0\"\nlibrary = \"{library}\"\ncapabilities = [\"discover\", \"read\"]\n\
             author = \"zhengai\"\nlicense = \"Apache-2.0 OR MIT\"\n\n[about]\nzh = \"测试用的坏插件。\"\nen = \"{does}\"\n"
        )
    }
}

/// Builds an animal as the plugin folder `into/zoo-<name>` and gives that folder. A file beside the folder is what
/// animals that reach out reach for: `into/private.txt` to read, `into/escaped.txt` to write.
///
/// # Panics
/// When there is no compiler, or the animal cannot be built or written.
#[must_use]
#[track_caller]
pub fn build(animal: &Animal, into: &Path) -> PathBuf {
    let folder = into.join(animal.id());
    let configs = folder.join("tests/config");
    std::fs::create_dir_all(&configs).unwrap_or_else(|error| panic!("{}: {error}", configs.display()));
    write(&folder.join("plugin.toml"), animal.manifest());
    write(&into.join("private.txt"), "somebody else's secret\n");
    write(&configs.join("good.json"), config(animal, into));
    let name = format!("{}{}{}", std::env::consts::DLL_PREFIX, animal.library(), std::env::consts::DLL_SUFFIX);
    let library = folder.join(name);
    // A library that is open somewhere is replaced, never written into.
    let _ = std::fs::remove_file(&library);
    match animal.language {
        Language::C => compile(animal, &library),
        Language::Rust => copy_marked(animal, &library),
    }
    folder
}

/// A configuration with which the animal bites.
fn config(animal: &Animal, into: &Path) -> String {
    let path = |name: &str| format!("{{\"path\":\"{}\"}}\n", into.join(name).display());
    match animal.name {
        "writes-file" => path("escaped.txt"),
        "reads-file" => path("private.txt"),
        "opens-socket" => "{\"port\":9}\n".to_owned(),
        _ => "{}\n".to_owned(),
    }
}

#[track_caller]
fn write(path: &Path, text: impl AsRef<[u8]>) {
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The root of the checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[track_caller]
fn compile(animal: &Animal, library: &Path) {
    let compiler = compiler().unwrap_or_else(|| panic!("ask `zoo::compiler()` first and skip where there is none"));
    let mut command = Command::new(compiler);
    command.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-shared", "-fPIC", "-o"]).arg(library);
    command.arg(format!("-DANIMAL={}", animal.name.to_uppercase().replace('-', "_")));
    command.arg(format!("-DID=\"{}\"", animal.id()));
    if animal.name == "no-entry" {
        command.arg("-DENTRY=zg_nobody_asks_for_this");
    }
    command.arg("-I").arg(root().join("plugins/abi/include")).arg(root().join("tests/zoo/zoo.c"));
    let output = command.output().unwrap_or_else(|error| panic!("{compiler}: {error}"));
    assert!(output.status.success(), "{}:\n{}", animal.name, String::from_utf8_lossy(&output.stderr));
}

const MARK: &[u8] = b"ZOO-ANIMAL:";
const MARK_LENGTH: usize = 48;

/// Copies the library of `tests/zoo/rust` with the animal's name in its mark.
#[track_caller]
fn copy_marked(animal: &Animal, library: &Path) {
    let built = rust_library();
    let mut bytes = std::fs::read(&built).unwrap_or_else(|error| panic!("{}: {error}", built.display()));
    let places: Vec<usize> = memory_of(&bytes, MARK).collect();
    assert!(!places.is_empty(), "{} has no mark", built.display());
    let mut mark = [MARK, animal.name.as_bytes()].concat();
    assert!(mark.len() <= MARK_LENGTH, "{} is too long for the mark", animal.name);
    mark.resize(MARK_LENGTH, b'.');
    for at in places {
        bytes[at..at + MARK_LENGTH].copy_from_slice(&mark);
    }
    write(library, bytes);
}

/// Where the needle stands, a whole mark before the end.
fn memory_of<'a>(bytes: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let starts = bytes.windows(MARK_LENGTH).enumerate();
    starts.filter(move |(_, window)| window.starts_with(needle) && window.ends_with(b".")).map(|(at, _)| at)
}

/// The library that cargo built beside the running test, or in `target/debug` of whatever built the product.
#[track_caller]
fn rust_library() -> PathBuf {
    let name = format!("{}zhengai_zoo{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let test = std::env::current_exe().unwrap_or_else(|error| panic!("where is this test? {error}"));
    let near = test.ancestors().skip(1).take(3).flat_map(|dir| [dir.join(&name), dir.join("deps").join(&name)]);
    near.into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is not beside {}: build the workspace", test.display()))
}
