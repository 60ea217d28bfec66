//! How long a simulator lives.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// Resolves when there is a reason to end: a signal, the time is up, or, if asked for, standard input is closed.
///
/// # Errors
/// What the system said.
pub fn ending(for_seconds: Option<u64>, with_parent: bool) -> io::Result<impl Future<Output = ()>> {
    let parent_gone = with_parent.then(parent_gone);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let time_up = async move {
        match for_seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    let orphaned = async move {
        match parent_gone {
            Some(gone) => gone.await.unwrap_or_default(),
            None => std::future::pending().await,
        }
    };
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = time_up => {}
            () = orphaned => {}
        }
    })
}

/// Watches standard input from a thread of its own: a blocked read must not keep the runtime from ending.
fn parent_gone() -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        // End of file and a broken pipe mean the same: nobody is there. Dropping `tell` says so too.
        drop(io::copy(&mut io::stdin().lock(), &mut io::sink()));
        drop(tell);
    });
    told
}
