//! One SMTP conversation.

use std::future::pending;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{Arrived, Does, Shared};

/// A letter longer than this is cut off with its connection.
const LONGEST: usize = 1024 * 1024;

/// Attends one connection until it ends.
pub(super) async fn attend(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading);
    let (mut from, mut to, mut line) = (None::<String>, Vec::new(), String::new());
    writing
        .write_all(b"220 simulator of a mail server\r\n")
        .await?;
    loop {
        line.clear();
        if reading.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (verb, rest) = line.trim_end().split_at(line.trim_end().len().min(4));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-simulator\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "HELO" | "NOOP" => "250 ok\r\n",
            "MAIL" => {
                (from, to) = (Some(address(rest)), Vec::new());
                "250 ok\r\n"
            }
            "RCPT" if from.is_some() => match shared.planned(&address(rest)) {
                Some(Does::Defer) => "451 4.2.0 no time now\r\n",
                Some(Does::Refuse) => "550 no such mailbox\r\n",
                Some(Does::Reject) => "554 5.7.1 not from here\r\n",
                Some(Does::Stall) => return pending().await,
                Some(Does::HangUp) => return Ok(()),
                None => {
                    to.push(address(rest));
                    "250 ok\r\n"
                }
            },
            "DATA" if !to.is_empty() => {
                writing.write_all(b"354 go on\r\n").await?;
                let data = letter(&mut reading).await?;
                let arrived = Arrived {
                    from: from.take().unwrap_or_default(),
                    to: std::mem::take(&mut to),
                    data,
                };
                shared.keep(arrived);
                "250 taken\r\n"
            }
            "RSET" => {
                (from, to) = (None, Vec::new());
                "250 ok\r\n"
            }
            "QUIT" => {
                return writing.write_all(b"221 bye\r\n").await;
            }
            "RCPT" | "DATA" => "503 not now\r\n",
            _ => "502 unknown\r\n",
        };
        writing.write_all(answer.as_bytes()).await?;
    }
}

/// `a@b.kz` of ` FROM:<a@b.kz> BODY=8BITMIME`.
fn address(rest: &str) -> String {
    rest.split_once('<')
        .and_then(|(_, rest)| rest.split('>').next())
        .unwrap_or_default()
        .to_owned()
}

/// Reads up to the line that holds a dot alone; dots that were doubled are single again.
async fn letter(reading: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<String> {
    let (mut whole, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if reading.read_line(&mut line).await? == 0 || whole.len() > LONGEST {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(whole);
        }
        whole.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// Undoes base64; what is none gives nothing.
pub(super) fn from_base64(body: &str) -> Vec<u8> {
    let plain: String = body.split_whitespace().collect();
    STANDARD.decode(plain).unwrap_or_default()
}

/// Undoes quoted-printable.
pub(super) fn from_quoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.bytes();
    while let Some(one) = rest.next() {
        if one != b'=' {
            bytes.push(one);
            continue;
        }
        let pair: Vec<u8> = rest.by_ref().take(2).collect();
        let code = std::str::from_utf8(&pair)
            .ok()
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.extend(code);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone() {
        assert_eq!(from_quoted("token=3D12=\r\n34 =D2=9B"), "token=1234 қ".as_bytes());
        assert_eq!(from_base64("0psN\r\nCg=="), "қ\r\n".as_bytes());
        assert_eq!(address(" FROM:<a@b.kz> BODY=8BITMIME"), "a@b.kz");
    }
}
