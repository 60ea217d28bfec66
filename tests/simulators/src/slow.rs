//! A service that answers so slowly that it never ends: a byte of a good answer each second, for as long as the client listens.
//! Whoever waits for it without a limit of their own waits for ever.

use std::time::Duration;

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

const ANSWER: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nX-Filler: ";
const EVERY: Duration = Duration::from_secs(1);

/// Serves until aborted.
pub async fn serve(listener: TcpListener) {
    // An accept fails for the peer's reasons; the next one may be good.
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            // It ends when the client has had enough.
            tokio::spawn(async move { dribble(stream).await.ok() });
        }
    }
}

async fn dribble(mut stream: TcpStream) -> std::io::Result<()> {
    for byte in ANSWER.iter().chain(std::iter::repeat(&b'x')) {
        stream.write_all(&[*byte]).await?;
        tokio::time::sleep(EVERY).await;
    }
    Ok(())
}
