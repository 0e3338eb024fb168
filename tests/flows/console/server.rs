//! The console of a server: over the network, with a token, and what it shows when the server goes away.

use super::CTRL_Q;
use super::terminal::{Kind, Terminal};
use crate::harness::College;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

/// A server that ends with the test.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn of(college: &College) -> Self {
        let mut command = college.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut process = command.stdout(Stdio::piped()).spawn().expect("a server");
        let said = BufReader::new(process.stdout.take().expect("its words")).lines().next();
        let said = said.expect("a line").expect("a line");
        let begin = said.find("http").expect("an address");
        let address: String = said[begin..]
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || ":/.-".contains(*letter))
            .collect();
        Self { process, address: address.trim_end_matches('.').to_owned() }
    }

    fn end(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ended");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been ended by the test.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_console_works_on_a_server_and_says_when_it_is_lost() {
    let college = College::new();
    college.run(&["user", "add", "zhang", "--label", "张老师"]).good();
    college.run(&["user", "role", "zhang", "administrator"]).good();
    let token = college.run(&["--quiet", "token", "create", "zhang", "--note", "console"]).good().out;
    let file = college.file("token", token.trim());
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("a file of one's own");
    let mut server = Server::of(&college);
    let file = file.display().to_string();
    let words = ["--server", &server.address, "--token-file", &file, "console", "terminal"];
    let mut terminal = Terminal::console(&college, Kind { columns: 120, rows: 30, ..Kind::default() }, &words);
    terminal.sees("测试学院").sees("127.0.0.1").sees("总览 / 终端自检");
    server.end();
    // The look into the audit log is the shortest way to ask the server something.
    terminal.send("\x1a").sees("连不上").send(CTRL_Q);
    assert_eq!(terminal.ends().exit_code(), 0);
    assert_eq!(terminal.is_clean(), Ok(()));
}
