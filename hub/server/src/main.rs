//! The `shanyraq` program: reads the command line and does what it says.

use clap::Parser;
use mimalloc::MiMalloc;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    shanyraq::command_line::CommandLine::parse().execute()
}
