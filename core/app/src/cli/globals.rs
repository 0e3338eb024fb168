//! Options of every command may stand before and behind the name of the command. The parser keeps only what stands last;
//! here nothing of it is lost: what may be repeated is gathered, what may not is refused.

use super::Global;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::path::PathBuf;

/// Options that may be given once.
const ONCE: [&str; 7] = ["--data", "--lang", "--format", "--server", "--token-file", "--ca", "--purpose"];

/// The options of a command line that was parsed, with all that was said.
pub(crate) fn gather(global: &mut Global, words: &[String]) -> Result<(), clap::Error> {
    for name in ONCE {
        if values(words, name).len() > 1 {
            let mut error = clap::Error::new(ErrorKind::ArgumentConflict);
            error.insert(ContextKind::InvalidArg, ContextValue::String(name.to_owned()));
            return Err(error);
        }
    }
    global.data_typed = !values(words, "--data").is_empty();
    global.set = values(words, "--set");
    global.pack = values(words, "--pack").into_iter().map(PathBuf::from).collect();
    Ok(())
}

/// Settings that a client of a server keeps to itself: the console begins with them.
const OWN: &str = "console.";

impl Global {
    /// The purpose that was named; a variable that is empty names none.
    pub(crate) fn purpose(&self) -> Option<&str> {
        self.purpose.as_deref().filter(|purpose| !purpose.is_empty())
    }

    /// What was typed and is of this computer alone: a server has settings, packs and data of its own.
    pub(crate) fn of_this_computer(&self) -> Vec<String> {
        let set =
            self.set.iter().filter(|pair| !pair.trim_start().starts_with(OWN)).map(|pair| format!("--set {pair}"));
        let packs = self.pack.iter().map(|pack| format!("--pack {}", pack.display()));
        let data = self.data.iter().filter(|_| self.data_typed).map(|data| format!("--data {}", data.display()));
        set.chain(packs).chain(data).collect()
    }
}

/// All values of an option, in order. A parser has been over the words: whatever looks like the option is it.
fn values(words: &[String], name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut words = words.iter().skip(1).take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        match word.strip_prefix(name) {
            Some("") => found.extend(words.next().cloned()),
            Some(rest) => found.extend(rest.strip_prefix('=').map(str::to_owned)),
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::gather;
    use crate::cli::Cli;
    use clap::Parser;

    fn parsed(words: &[&str]) -> Result<Cli, clap::Error> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut cli = Cli::try_parse_from(&words)?;
        gather(&mut cli.global, &words)?;
        Ok(cli)
    }

    #[test]
    fn what_may_be_repeated_is_kept_wherever_it_stands() {
        let cli = parsed(&["zhengai", "--set", "a=1", "--pack=p", "period", "--set=b=2", "list", "--set", "c=3"]);
        let global = cli.expect("parsed").global;
        assert_eq!(global.set, ["a=1", "b=2", "c=3"]);
        assert_eq!(global.pack, [std::path::PathBuf::from("p")]);
    }

    #[test]
    fn what_is_of_this_computer_alone_is_told_from_what_a_client_of_a_server_needs() {
        let cli = parsed(&["zhengai", "--set", "console.theme=mono", "period", "list", "--set", "import.review=hold"]);
        assert_eq!(cli.expect("parsed").global.of_this_computer(), ["--set import.review=hold"]);
        let cli = parsed(&["zhengai", "--data=d", "period", "list", "--pack", "p", "--lang", "en"]);
        assert_eq!(cli.expect("parsed").global.of_this_computer(), ["--pack p", "--data d"]);
        let mut global = parsed(&["zhengai", "period", "list"]).expect("parsed").global;
        global.data = Some("from the environment".into());
        assert_eq!(global.of_this_computer(), [""; 0]);
    }

    #[test]
    fn what_may_be_given_once_is_refused_the_second_time() {
        assert!(parsed(&["zhengai", "--data", "a", "period", "list", "--data", "b"]).is_err());
        assert!(parsed(&["zhengai", "period", "list", "--data", "b"]).is_ok());
    }
}
