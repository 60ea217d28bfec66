//! When the system or a person asks us to stop.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for SIGINT (Ctrl-C), SIGTERM (a supervisor) or SIGHUP (the terminal went away).
pub(crate) async fn asked_to_stop() {
    let Ok((mut interrupt, mut terminate, mut hangup)) = handlers() else {
        // Without handlers the signals' default action ends us, and the kernel ends the children.
        return std::future::pending().await;
    };
    tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {}, _ = hangup.recv() => {} }
}

fn handlers() -> io::Result<(Signal, Signal, Signal)> {
    Ok((signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?))
}
