//! Who lives in the zoo.

use super::Bite::{Call, Cancel, Create, Describe, Destroy, Load, Manners, Never, Promise, Read, State, Stream};
use super::Language::{C, Rust};
use super::{Animal, Bite, Language};

const fn animal(name: &'static str, language: Language, bites: Bite, does: &'static str) -> Animal {
    Animal { name, language, bites, does }
}

/// The one that behaves: whatever refuses an animal must take this one, or it refuses everything.
pub const TAME: Animal = animal("tame", C, Never, "behaves");

/// All that do not.
pub const ANIMALS: &[Animal] = &[
    animal("panic-in-call", Rust, Call, "panics in a call, under the guard of the SDK"),
    animal("panic-in-stream", Rust, Stream, "panics in a step of its stream, under the guard of the SDK"),
    animal("panic-unguarded", Rust, Call, "panics where nothing catches it, so the process aborts"),
    animal("nul-in-message", C, Stream, "puts a NUL byte into the text of an error"),
    animal("null-last-error", C, Stream, "fails without a text: get_last_error gives NULL"),
    animal("segfault-in-call", C, Call, "writes to an address that is not there, in a call"),
    animal("segfault-in-stream", C, Stream, "writes to an address that is not there, in its stream"),
    animal("segfault-in-constructor", C, Load, "writes to an address that is not there while its library is opened"),
    animal("abort-in-call", C, Call, "ends the process by SIGABRT in a call"),
    animal("abort-in-stream", C, Stream, "ends the process by SIGABRT in its stream"),
    animal("killed-group", C, Stream, "kills its whole process group"),
    animal("hang-in-call", C, Call, "never comes back from a call and ignores every request to stop"),
    animal("hang-in-stream", C, Stream, "never gives the next batch and ignores every request to stop"),
    animal("hang-in-destroy", C, Destroy, "never comes back from destroy"),
    animal("hang-in-constructor", C, Load, "never comes back from opening its library"),
    animal("spin-in-call", C, Call, "turns in circles at full speed and never comes back from a call"),
    animal("ignores-cancel", C, Cancel, "hangs once it is asked to stop"),
    animal("more-rows-than-columns", C, Stream, "says that a batch has more rows than its columns hold"),
    animal("hidden-nulls", C, Stream, "says that there are no nulls where there is one"),
    animal("lying-progress", C, Manners, "reports a thousand times the rows that it gave, of a total of two"),
    animal("unknown-key", C, Promise, "names a key column that its rows do not have"),
    animal("repeated-key", C, Promise, "gives the rows of one batch again and again under a key that it calls unique"),
    animal("two-schemas", C, Promise, "promises another schema than its stream has"),
    animal("extra-column", C, Stream, "gives a batch with one column more than its schema"),
    animal("wrong-buffers", C, Stream, "gives a text column with the buffers of a number"),
    animal("negative-offset", C, Stream, "gives a column that begins before its first row"),
    animal("falling-offsets", C, Stream, "gives a text column whose offsets fall"),
    animal("not-utf8", C, Stream, "gives text that is not UTF-8"),
    animal("state-not-json", C, State, "gives a cursor that is not JSON"),
    animal(
        "state-backwards",
        C,
        State,
        "gives a cursor that runs backwards, so that a resumed read loses and repeats rows",
    ),
    animal("giant-message", C, Call, "says that the text of its error is a gigabyte long, which is a lie"),
    animal("giant-json", C, Call, "answers with 200 MB of JSON"),
    animal("leak-in-stream", C, Stream, "takes memory until there is no more"),
    animal("leak-in-create", C, Create, "loses 256 KiB with every instance"),
    animal("exit-in-constructor", C, Load, "ends the process with status 0 while its library is opened"),
    animal("exit-in-create", C, Create, "ends the process with status 0 in create"),
    animal("exit-in-read", C, Read, "ends the process with status 0 before the first batch"),
    animal("exit-in-stream", C, Stream, "ends the process with status 0 in the middle of its stream"),
    animal("closed-descriptors", C, Stream, "closes every descriptor of its process, the host's pipes included"),
    animal("garbled-pipe", C, Stream, "writes rubbish into every descriptor of its process"),
    animal("fork", C, Manners, "leaves a sleeping child that holds every descriptor open"),
    animal("daemon", C, Manners, "leaves a sleeping child in a session of its own that holds every descriptor open"),
    animal("prints", C, Manners, "prints 10 MB to standard output and 10 MB to standard error"),
    animal("writes-file", C, Manners, "writes a file outside of what it was given"),
    animal("reads-file", C, Manners, "reads a file outside of what it was given"),
    animal("opens-socket", C, Manners, "connects to a port of this machine without being given the network"),
    animal("wrong-abi", C, Describe, "speaks version 2 of the interface while its manifest says 1"),
    animal("wrong-id", C, Describe, "says that it is another plugin"),
    animal("no-entry", C, Load, "exports no entry symbol"),
    animal("not-json", C, Describe, "describes itself in words instead of JSON"),
];
