//! Workers and what they survive: a plugin in C whose calls do what no plugin should. Where there is no C compiler the
//! tests say that they skip.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "everything here is a test")]

mod support;

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use zhengai_host::{
    ErrorClass, Found, HostError, Instance, LogLevel, NoServices, Placement, Plugin, Retry, Services, WorkerSettings,
};

const MANIFEST: &str = r#"
id = "zoo"
names = { zh = "动物园", en = "Zoo" }
version = "1.0.0"
kind = "connector"
abi = "1.0"
library = "zoo"
"#;

/// What a worker of these tests runs; without the word that makes it one there is nothing to do.
#[test]
fn worker_process() {
    if support::is_worker() {
        // SAFETY: there is no entry: the library is loaded.
        unsafe { zhengai_host::worker_process(None) }
    }
}

/// The folder of the plugin, built once; `None` where there is no compiler.
fn beast() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<TempDir>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("plugin.toml"), MANIFEST).unwrap();
        std::fs::write(dir.path().join("zhengai_plugin.h"), zhengai_plugin_abi::HEADER).unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/beast.c");
        let mut command = Command::new("cc");
        command.args(["-std=c11", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"]);
        command.arg(dir.path().join("libzoo.so")).arg("-I").arg(dir.path()).arg(source);
        let Ok(status) = command.status() else {
            eprintln!("skipped: there is no `cc` on this machine");
            return None;
        };
        assert!(status.success(), "the fixture does not compile");
        Some(dir)
    });
    built.as_ref().map(TempDir::path)
}

fn settings() -> WorkerSettings {
    WorkerSettings { grace: Duration::from_millis(500), ..support::worker() }
}

fn plugin(settings: WorkerSettings) -> Option<Plugin> {
    let found = Found::open(beast()?).unwrap();
    Some(Plugin::load(&found, Placement::Worker(settings), Some(&found.pin())).unwrap())
}

fn instance(settings: WorkerSettings) -> Option<Instance> {
    Some(plugin(settings)?.create("cage", &json!({}), Arc::new(NoServices)).unwrap())
}

fn call(instance: &Instance, method: &str) -> Value {
    instance.call(method, &Value::Null).unwrap()
}

fn crashed(error: &HostError) -> &str {
    match error {
        HostError::Crashed { how, .. } => how,
        other => panic!("{other:?}"),
    }
}

/// Rows until the end or an error.
fn read(instance: &Instance, request: &Value) -> (usize, Option<Value>, Option<HostError>) {
    let mut reader = instance.read(request).unwrap();
    let mut rows = 0;
    let mut error = None;
    for batch in reader.by_ref() {
        match batch {
            Ok(batch) => rows += batch.num_rows(),
            Err(failed) => error = Some(failed),
        }
    }
    (rows, reader.state().unwrap(), error)
}

/// A process that is alive; a zombie is not.
fn lives(pid: &Value) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| state != "Z")
}

fn exists(pid: &Value) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

#[test]
fn no_code_of_the_plugin_runs_in_our_process() {
    let Some(instance) = instance(settings()) else { return };
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    assert!(!maps.contains("libzoo") && !maps.contains("memfd:zoo"));
    assert_ne!(call(&instance, "pid"), json!(std::process::id()));
}

#[test]
fn a_crash_in_a_call_is_an_error_that_names_the_signal_and_the_host_goes_on() {
    for (method, signal) in [("crash", "SIGSEGV"), ("abort", "SIGABRT")] {
        let Some(instance) = instance(settings()) else { return };
        let pid = call(&instance, "pid");
        let error = instance.call(method, &Value::Null).unwrap_err();
        assert_eq!(crashed(&error), signal);
        assert_eq!(error.retry(), Retry::OnceThenQuarantine);
        assert!(!exists(&pid), "a zombie is left");
        assert_eq!(crashed(&instance.call("pid", &Value::Null).unwrap_err()), signal);
    }
}

#[test]
fn a_crash_while_the_instance_is_made_is_an_error() {
    let Some(plugin) = plugin(settings()) else { return };
    let error = plugin.create("cage", &json!({ "manner": "crash" }), Arc::new(NoServices)).unwrap_err();
    assert_eq!(crashed(&error), "SIGSEGV");
}

#[test]
fn batches_before_a_crash_arrive_with_their_state_and_the_read_is_not_complete() {
    let Some(instance) = instance(settings()) else { return };
    let (rows, state, error) = read(&instance, &json!({ "batches": 5, "after": 2, "end": "crash" }));
    assert_eq!((rows, state), (8, Some(json!({ "given": 2 }))));
    assert_eq!(crashed(&error.unwrap()), "SIGSEGV");
}

#[test]
fn a_plugin_that_exits_with_0_in_the_middle_is_not_complete() {
    for after in [0, 1, 3] {
        let Some(instance) = instance(settings()) else { return };
        let (rows, _, error) = read(&instance, &json!({ "batches": 3, "after": after, "end": "exit" }));
        assert_eq!(rows, after * 4);
        assert!(matches!(error, Some(HostError::Incomplete { .. })), "{error:?}");
    }
}

#[test]
fn a_plugin_that_crashes_when_its_stream_is_released_has_not_ended_it() {
    let Some(instance) = instance(settings()) else { return };
    let (rows, _, error) = read(&instance, &json!({ "batches": 2, "end": "crash-release" }));
    assert_eq!((rows, crashed(&error.unwrap())), (8, "SIGSEGV"));
}

#[test]
fn an_exit_status_of_its_own_is_a_crash_with_that_status() {
    let Some(instance) = instance(settings()) else { return };
    let error = instance.call("exit", &json!({ "status": 3 })).unwrap_err();
    assert_eq!(crashed(&error), "exit status 3");
}

#[test]
fn finishing_tells_how_the_worker_ended() {
    let Some(plugin) = plugin(settings()) else { return };
    let create = |config| plugin.create("cage", &config, Arc::new(NoServices)).unwrap();
    assert!(create(json!({})).finish().is_ok());
    let late = create(json!({ "manner": "crash-late" }));
    assert_eq!(read(&late, &json!({})).0, 12);
    assert_eq!(crashed(&late.finish().unwrap_err()), "SIGSEGV");
}

#[test]
fn a_reader_that_is_the_last_to_hold_its_worker_ends_with_its_exit_status() {
    let Some(plugin) = plugin(settings()) else { return };
    let mut reader = {
        let instance = plugin.create("cage", &json!({ "manner": "crash-late" }), Arc::new(NoServices)).unwrap();
        instance.read(&json!({ "batches": 1 })).unwrap()
    };
    assert!(reader.next().unwrap().is_ok());
    assert_eq!(crashed(&reader.next().unwrap().unwrap_err()), "SIGSEGV");
    assert!(reader.next().is_none());
}

#[test]
fn silence_is_noticed_while_somebody_waits() {
    let stall = Duration::from_millis(300);
    let Some(hanging) = instance(WorkerSettings { stall, ..settings() }) else { return };
    let pid = call(&hanging, "pid");
    let error = hanging.call("hang", &Value::Null).unwrap_err();
    assert!(matches!(error, HostError::Stalled { after, .. } if after == stall), "{error:?}");
    assert!(!exists(&pid));
    let Some(reading) = instance(WorkerSettings { stall, ..settings() }) else { return };
    let (rows, _, error) = read(&reading, &json!({ "batches": 3, "after": 1, "end": "hang" }));
    assert_eq!(rows, 4);
    assert!(matches!(error, Some(HostError::Stalled { .. })), "{error:?}");
}

#[test]
fn a_call_that_does_not_hear_is_killed_after_the_grace() {
    let Some(instance) = instance(settings()) else { return };
    let pid = call(&instance, "pid");
    let handle = instance.cancel_handle();
    let began = Instant::now();
    let spinning = std::thread::spawn(move || instance.call("spin", &Value::Null));
    handle.cancel();
    let error = spinning.join().unwrap().unwrap_err();
    assert_eq!(error.failure().unwrap().class, ErrorClass::Cancelled);
    assert_eq!(error.retry(), Retry::Resume);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(!lives(&pid));
}

#[test]
fn dropping_a_reader_of_a_plugin_that_hangs_takes_no_longer_than_the_grace() {
    let Some(instance) = instance(settings()) else { return };
    let pid = call(&instance, "pid");
    let mut reader = instance.read(&json!({ "batches": 3, "after": 1, "end": "hang" })).unwrap();
    assert!(reader.next().unwrap().is_ok());
    let began = Instant::now();
    drop((reader, instance));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert!(!exists(&pid));
}

#[test]
fn dropping_a_reader_with_rows_on_their_way_takes_no_time() {
    let Some(instance) = instance(WorkerSettings { grace: Duration::from_secs(60), ..settings() }) else { return };
    let mut reader = instance.read(&json!({ "batches": 100, "rows": 1_000_000 })).unwrap();
    assert!(reader.next().unwrap().is_ok());
    drop(reader);
    assert!(call(&instance, "pid").is_number());
    let mut second = instance.read(&json!({ "batches": 100, "rows": 1_000_000 })).unwrap();
    assert!(second.next().unwrap().is_ok());
    let began = Instant::now();
    drop((second, instance));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn two_readers_of_one_instance_take_turns() {
    let Some(instance) = instance(settings()) else { return };
    let request = json!({ "batches": 20, "rows": 50_000 });
    let (mut first, mut second) = (instance.read(&request).unwrap(), instance.read(&request).unwrap());
    let mut rows = (0, 0);
    loop {
        let both = (first.next(), second.next());
        call(&instance, "pid");
        let (Some(one), Some(two)) = both else { break };
        rows = (rows.0 + one.unwrap().num_rows(), rows.1 + two.unwrap().num_rows());
    }
    assert_eq!(rows, (1_000_000, 1_000_000));
    drop((first, second));
    instance.finish().unwrap();
}

#[test]
fn processes_that_a_plugin_started_end_with_it() {
    let Some(instance) = instance(settings()) else { return };
    let forked = call(&instance, "fork");
    assert!(lives(&forked));
    drop(instance);
    // Killed it is; when the system gets to it is its own affair.
    let until = Instant::now() + Duration::from_secs(10);
    while lives(&forked) && Instant::now() < until {
        std::thread::yield_now();
    }
    assert!(!lives(&forked));
}

#[test]
fn a_plugin_that_closes_every_descriptor_is_found_out() {
    let Some(instance) = instance(settings()) else { return };
    let pid = call(&instance, "pid");
    let error = instance.call("close", &Value::Null).unwrap_err();
    assert!(matches!(error, HostError::Incomplete { .. } | HostError::Crashed { .. }), "{error:?}");
    assert!(!exists(&pid));
}

#[test]
fn a_plugin_that_writes_into_the_control_descriptor_is_found_out() {
    let Some(instance) = instance(settings()) else { return };
    let error = instance.call("babble", &Value::Null).unwrap_err();
    assert!(matches!(&error, HostError::Incomplete { rule, .. } if rule.contains("control frame")), "{error:?}");
}

#[test]
fn what_a_plugin_prints_confuses_nobody_and_never_blocks() {
    let Some(instance) = instance(settings()) else { return };
    let printed = instance.call("print", &json!({ "lines": 200_000 })).unwrap();
    assert_eq!(printed, Value::Null);
    assert_eq!(read(&instance, &json!({})).0, 12);
    instance.finish().unwrap();
}

#[test]
fn a_worker_has_no_descriptor_and_no_environment_of_ours() {
    let _ours = std::fs::File::open("/dev/null").unwrap();
    let Some(instance) = instance(settings()) else { return };
    assert_eq!(call(&instance, "descriptors"), json!([0, 1, 2, 3, 4, 5]));
    let names = call(&instance, "environment");
    for name in names.as_array().unwrap() {
        assert!(["LANG", "LC_ALL", "TZ", "TMPDIR"].contains(&name.as_str().unwrap()), "{names}");
    }
}

#[test]
fn a_worker_has_a_folder_of_its_own_which_is_gone_afterwards() {
    let Some(instance) = instance(settings()) else { return };
    let place = call(&instance, "where");
    let folder = Path::new(place["cwd"].as_str().unwrap()).to_owned();
    assert_eq!((&place["mode"], &place["umask"]), (&json!(0o700), &json!(0o077)));
    assert_eq!(place["group"], place["pid"], "it leads its own group");
    assert_eq!(instance.call("open", &json!(folder.join("mine"))).unwrap(), json!({ "read": 2, "write": 0 }));
    assert!(folder.join("mine").is_file());
    drop(instance);
    assert!(!folder.exists());
}

#[test]
fn a_worker_dies_with_the_thread_pool_alive_but_not_with_the_thread_that_made_it() {
    let Some(plugin) = plugin(settings()) else { return };
    let made = std::thread::spawn(move || plugin.create("cage", &json!({}), Arc::new(NoServices)).unwrap());
    let instance = made.join().unwrap();
    assert!(call(&instance, "pid").is_number());
    assert_eq!(read(&instance, &json!({ "batches": 50 })).0, 200);
}

#[test]
fn files_and_network_are_out_of_reach_where_the_kernel_can_hold_them() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["given", "writable", "hidden"] {
        std::fs::create_dir(dir.path().join(name)).unwrap();
        std::fs::write(dir.path().join(name).join("file"), "x").unwrap();
    }
    let mut settings = settings();
    settings.access.read = vec![dir.path().join("given")];
    settings.access.write = vec![dir.path().join("writable")];
    let Some(instance) = instance(settings.clone()) else { return };
    let held = instance.confinement().unwrap();
    assert_eq!(held.unset, Vec::<String>::new());
    if held.landlock < 4 {
        eprintln!("skipped: this kernel has Landlock {}, network needs 4", held.landlock);
        return;
    }
    assert!(held.files && held.network);
    let denied = 13;
    let open = |name: &str| instance.call("open", &json!(dir.path().join(name).join("file"))).unwrap();
    assert_eq!(open("given"), json!({ "read": 0, "write": denied }));
    assert_eq!(open("writable"), json!({ "read": 0, "write": 0 }));
    assert_eq!(open("hidden"), json!({ "read": denied, "write": denied }));
    assert_eq!(instance.call("open", &json!("/etc/passwd")).unwrap()["read"], denied);
    assert_eq!(call(&instance, "connect"), json!(denied));
    settings.access.network = true;
    let Some(connected) = self::instance(settings) else { return };
    assert!(!connected.confinement().unwrap().network);
    let refused = 111;
    assert_eq!(call(&connected, "connect"), json!(refused));
}

#[test]
fn a_probe_tells_what_holds_workers_back_without_any_plugin() {
    let held = settings().probe().unwrap();
    assert_eq!(held.unset, Vec::<String>::new());
}

#[test]
fn limits_that_are_met_are_named() {
    let mut settings = settings();
    settings.limits.memory_bytes = 256 << 20;
    settings.limits.cpu_seconds = 1;
    settings.limits.file_bytes = 1 << 20;
    let limited = |method: &str, args: Value| {
        let instance = instance(settings.clone())?;
        match instance.call(method, &args).unwrap_err() {
            HostError::Limit { what, limit, .. } => Some((what, limit)),
            other => panic!("{method}: {other:?}"),
        }
    };
    let Some(memory) = limited("grow", json!({ "bytes": 512 << 20 })) else { return };
    assert_eq!(memory, ("memory", 256 << 20));
    assert_eq!(limited("fill", json!({ "bytes": 2 << 20 })), Some(("file", 1 << 20)));
    assert_eq!(limited("spin", Value::Null), Some(("cpu", 1)));
    let Some(modest) = instance(settings) else { return };
    assert_eq!(modest.call("grow", &json!({ "bytes": 16 << 20 })).unwrap(), Value::Null);
}

#[derive(Default)]
struct Secretive(Mutex<Vec<String>>);

impl Services for Secretive {
    fn log(&self, _level: LogLevel, _target: &str, message: &str, _fields: &str) {
        self.0.lock().unwrap().push(message.to_owned());
    }

    fn secret(&self, name: &str) -> Option<String> {
        (name == "key").then(|| "s3cret-value".to_owned())
    }
}

#[test]
fn a_secret_reaches_the_plugin_but_neither_log_nor_error() {
    let Some(plugin) = plugin(settings()) else { return };
    let services = Arc::new(Secretive::default());
    let instance = plugin.create("cage", &json!({}), services.clone()).unwrap();
    let error = instance.call("secret", &Value::Null).unwrap_err();
    assert_eq!(error.failure().unwrap().text, "the key is •••");
    assert_eq!(*services.0.lock().unwrap(), ["the key is •••"]);
}

#[test]
fn a_batch_larger_than_the_limit_is_refused_before_it_is_read() {
    let mut settings = settings();
    settings.limits.batch_bytes = 64 * 1024;
    let Some(instance) = instance(settings) else { return };
    let (rows, _, error) = read(&instance, &json!({ "batches": 1, "rows": 100_000 }));
    assert_eq!(rows, 0);
    assert!(matches!(&error, Some(HostError::Incomplete { rule, .. }) if rule.contains("65536")), "{error:?}");
}

#[test]
fn a_library_that_is_replaced_after_it_was_loaded_is_not_the_one_that_runs() {
    let Some(folder) = beast() else { return };
    let dir = tempfile::tempdir().unwrap();
    for name in ["plugin.toml", "libzoo.so"] {
        std::fs::copy(folder.join(name), dir.path().join(name)).unwrap();
    }
    let found = Found::open(dir.path()).unwrap();
    let plugin = Plugin::load(&found, Placement::Worker(settings()), Some(&found.pin())).unwrap();
    std::fs::write(dir.path().join("libzoo.so"), "something else").unwrap();
    let instance = plugin.create("cage", &json!({}), Arc::new(NoServices)).unwrap();
    assert_eq!(read(&instance, &json!({})).0, 12);
}

#[test]
fn an_executable_that_is_no_worker_is_an_error_in_words() {
    let Some(folder) = beast() else { return };
    let found = Found::open(folder).unwrap();
    let load = |executable: &str| Plugin::load(&found, Placement::Worker(WorkerSettings::new(executable)), None);
    assert!(matches!(load("/nowhere/at/all"), Err(HostError::Worker { .. })));
    assert!(matches!(load("/bin/true"), Err(HostError::Incomplete { .. })));
    assert!(matches!(load("/bin/false"), Err(HostError::Crashed { how, .. }) if how == "exit status 1"));
}
