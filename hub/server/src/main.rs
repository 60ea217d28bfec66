//! The `shanyraq` program: reads the command line and does what it says.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    shanyraq::command_line::CommandLine::parse().execute()
}
