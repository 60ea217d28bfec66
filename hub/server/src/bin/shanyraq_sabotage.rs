//! The `shanyraq` program as the fault tests break it: `SHANYRAQ_SABOTAGE` names a promise to break, `SHANYRAQ_PANIC_…` where to
//! panic (see `engine::sabotage`). A program of its own, so that it can never take the product's place.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    shanyraq::command_line::CommandLine::parse().execute()
}
