//! Waiting for conditions, never for time.

use std::{fmt::Debug, future::Future, time::Duration};

/// How long a condition may take before the test fails.
#[derive(Debug, Clone, Copy)]
pub struct Patience(pub Duration);

impl Default for Patience {
    /// Long: a busy machine must not fail a test that is right.
    fn default() -> Self {
        Self(Duration::from_secs(30))
    }
}

/// Asks until the answer satisfies, and returns it; fails with the last answer when patience ends.
pub async fn eventually<T, F>(what: &str, patience: Patience, mut ask: impl FnMut() -> F, satisfies: impl Fn(&T) -> bool) -> T
where
    T: Debug,
    F: Future<Output = T>,
{
    let deadline = tokio::time::Instant::now() + patience.0;
    loop {
        let answer = ask().await;
        if satisfies(&answer) {
            return answer;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what}: not within {:?}; the last answer was {answer:?}", patience.0);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Runs a future to its end from code that may itself run inside a runtime: a thread of its own has its own runtime.
pub(crate) fn blocking<T: Send>(future: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(future)
        });
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
