//! A TCP connection that a fault can reset: the peer then sees "connection reset by
//! peer" in the middle of its request, as when a load balancer drops it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Asks for the reset of one connection; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct ResetSwitch {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    thrown: AtomicBool,
    wake: Notify,
}

impl ResetSwitch {
    /// Asks for the reset.
    pub fn throw(&self) {
        self.shared.thrown.store(true, Ordering::Release);
        self.shared.wake.notify_one();
    }

    /// Waits until somebody asks.
    pub async fn thrown(&self) {
        self.shared.wake.notified().await;
    }
}

/// The stream; when dropped after its switch was thrown, it closes with RST instead of FIN.
#[derive(Debug)]
pub struct ResettableStream {
    stream: TcpStream,
    switch: ResetSwitch,
}

impl ResettableStream {
    /// Puts a stream under a switch.
    #[must_use]
    pub fn new(stream: TcpStream, switch: ResetSwitch) -> Self {
        Self { stream, switch }
    }
}

impl Drop for ResettableStream {
    fn drop(&mut self) {
        if self.switch.shared.thrown.load(Ordering::Acquire) {
            // If it fails the peer sees an ordinary close, which is also a broken request.
            self.stream.set_zero_linger().unwrap_or_default();
        }
    }
}

impl AsyncRead for ResettableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for ResettableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
