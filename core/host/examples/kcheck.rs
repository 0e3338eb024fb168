//! scratch
fn main() -> std::process::ExitCode {
    if std::env::args().any(|a| a == zhengai_host::check::PROBE_WORD) {
        return zhengai_host::check::probe_main();
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut s = zhengai_host::check::Settings::new(std::env::current_exe().unwrap());
    s.patience = std::time::Duration::from_secs(8);
    s.grace = std::time::Duration::from_secs(2);
    s.library = args.get(1).map(Into::into);
    let r = zhengai_host::check::check(args[0].as_ref(), &s).unwrap();
    for c in &r.checks {
        if c.outcome.word() != "pass" || args.len() > 2 {
            println!("{} {} {:?}", c.outcome.word(), c.id, c.outcome.message());
        }
    }
    println!("{} pass {} fail {} skip {} in {:?}", r.plugin, r.count("pass"), r.count("fail"), r.count("skip"), r.took);
    std::process::ExitCode::SUCCESS
}
