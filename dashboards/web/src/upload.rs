//! Uploads: a form with one file, read only by whom the guard lets in, and never more of it than fits.
//!
//! A [`Sent`] form waits for the guard as [`crate::form::Posted`] does, wants the session's token before it looks at a file, and holds
//! at most [`MOST`] bytes of one. Then [`Sent::scan`] or [`Sent::picture`] say what the file is, by its content: a PDF stays as it
//! came and is only ever given out to be saved; a picture is decoded and written anew, so that what was hidden in it (the place where
//! it was taken, a program) is gone.
//!
//! Always true:
//!  1. No byte of a body is read before the guard has let its sender in, nor a file's before the form's token was right.
//!  2. A file beyond the limit, of another kind, or too large to decode is refused next to its field, and never decoded.

mod picture;

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{FromRequest, HttpRequest, ResponseError, dev::Payload, http::{StatusCode, header::CONTENT_LENGTH}, web::block};
use futures_util::StreamExt;
use kernel::{Error, Result, file::Media};
use serde::de::DeserializeOwned;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    csrf,
    failure::{Failure, encoded},
    form,
    site::Site,
};
pub use picture::{Picture, Sizes};

/// The largest file that a form takes.
pub const MOST: usize = 10 * 1024 * 1024;
/// Read and thrown away beyond that, so that the browser hears our answer; then the connection goes.
const PATIENCE: usize = 32 * 1024 * 1024;
/// The longest text of a field.
const TEXT_MOST: usize = 4 * 1024;
/// The most parts of a form.
const PARTS_MOST: usize = 64;
/// How long a body may take, beside what its bytes take on a slow phone's net.
const WITHIN: Duration = Duration::from_secs(120);
/// The slowest net that a body is waited for: 16 kB a second, which is slower than what a page of ours waits for (`assets/src/outbox.ts`).
const SLOWEST_BYTES_A_MS: u64 = 16;
/// So many are read at a time; each holds its file in memory.
const AT_ONCE: usize = 8;

/// A form that was sent with a file, its token checked before the handler sees it.
#[derive(Debug)]
pub struct Sent<T> {
    /// The other fields.
    pub fields: T,
    file: File,
    /// What the sender calls it; never trusted, only shown.
    name: String,
    doors: Doors,
    /// Held until the file is dropped.
    _place: OwnedSemaphorePermit,
}

/// What came as the file.
#[derive(Debug)]
enum File {
    Nothing,
    Bytes(Vec<u8>),
    TooLarge,
}

/// A file that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// What it is.
    pub media: Media,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// How many are in at a time.
#[derive(Debug, Clone)]
struct Doors {
    reading: Arc<Semaphore>,
    /// A decoded picture is far larger than its file: one at a time.
    decoding: Arc<Semaphore>,
}

impl Default for Doors {
    fn default() -> Self {
        Self { reading: Arc::new(Semaphore::new(AT_ONCE)), decoding: Arc::new(Semaphore::new(1)) }
    }
}

impl<T> Sent<T> {
    /// The file as a scan: a PDF as it came, or a picture written anew.
    ///
    /// # Errors
    /// The field `file`, with what is wrong with it.
    pub async fn scan(&mut self) -> Result<Scan> {
        let (media, bytes) = self.take()?;
        if media == Media::Pdf {
            return Ok(Scan { media, bytes });
        }
        let picture = self.decode(media, bytes, Sizes { full: 2400, small: 160 }).await?;
        Ok(Scan { media: Media::Jpeg, bytes: picture.full })
    }

    /// The file as a picture, written anew in two sizes.
    ///
    /// # Errors
    /// The field `file`, with what is wrong with it.
    pub async fn picture(&mut self, sizes: Sizes) -> Result<Picture> {
        let (media, bytes) = self.take()?;
        if media == Media::Pdf {
            return Err(wrong("upload-not-a-picture"));
        }
        self.decode(media, bytes, sizes).await
    }

    /// The file as it came, with the name that the sender's device calls it: for who reads it at once and does not keep it.
    ///
    /// # Errors
    /// The field `file`, with what is wrong with it.
    pub fn raw(&mut self) -> Result<(String, Vec<u8>)> {
        match std::mem::replace(&mut self.file, File::Nothing) {
            File::Nothing => Err(wrong("upload-nothing")),
            File::TooLarge => Err(wrong("upload-too-large")),
            File::Bytes(bytes) => Ok((std::mem::take(&mut self.name), bytes)),
        }
    }

    /// What the sender's device calls the file. To be shown and kept as words, never as a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn take(&mut self) -> Result<(Media, Vec<u8>)> {
        match std::mem::replace(&mut self.file, File::Nothing) {
            File::Nothing => Err(wrong("upload-nothing")),
            File::TooLarge => Err(wrong("upload-too-large")),
            File::Bytes(bytes) => Media::of(&bytes).map(|media| (media, bytes)).ok_or_else(|| wrong("upload-not-taken")),
        }
    }

    async fn decode(&self, media: Media, bytes: Vec<u8>, sizes: Sizes) -> Result<Picture> {
        let turn = Arc::clone(&self.doors.decoding).acquire_owned().await.map_err(|_| Error::Busy)?;
        let decoded = block(move || {
            let decoded = picture::written_anew(media, &bytes, sizes);
            drop(turn);
            decoded
        });
        decoded.await.map_err(|_| Error::Busy)?.ok_or_else(|| wrong("upload-unreadable"))
    }
}

fn wrong(message: &'static str) -> Error {
    Error::invalid("file", message)
}

impl<T: DeserializeOwned + 'static> FromRequest for Sent<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (awaited, req, payload) = (form::Awaited::of(req), req.clone(), payload.take());
        Box::pin(async move {
            if !form::is_let_in(awaited).await {
                // The guard's own refusal is the answer; this one is never seen.
                return Err(Failure::Status(StatusCode::FORBIDDEN));
            }
            let doors = Site::of(&req)?.memory.of::<Doors>().as_ref().clone();
            let place = Arc::clone(&doors.reading).try_acquire_owned().map_err(|_| Error::Busy)?;
            let parts = Multipart::new(req.headers(), payload);
            let (text, file, name) = timeout(within(&req), read(&req, parts)).await.map_err(|_| Failure::Status(StatusCode::REQUEST_TIMEOUT))??;
            Ok(Self { fields: form::parse(&text)?, file, name, doors, _place: place })
        })
    }
}

/// How long this body may take: by how long it says that it is, and by no more than is read of one.
fn within(req: &HttpRequest) -> Duration {
    let length = req.headers().get(CONTENT_LENGTH).and_then(|told| told.to_str().ok()?.parse().ok()).unwrap_or(0_u64);
    let read = length.min(u64::try_from(PATIENCE).unwrap_or(u64::MAX));
    WITHIN + Duration::from_millis(read / SLOWEST_BYTES_A_MS)
}

/// Reads all parts: the fields as a form would have encoded them, and the file.
async fn read(req: &HttpRequest, mut parts: Multipart) -> std::result::Result<(String, File, String), Failure> {
    let (mut text, mut file, mut called, mut token) = (String::new(), File::Nothing, String::new(), None);
    let mut number = 0;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|error| refused(&error))?;
        number += 1;
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.content_disposition().is_some_and(|told| told.get_filename().is_some());
        if number > PARTS_MOST || name.is_empty() || name.len() > 100 {
            return Err(Failure::Status(StatusCode::BAD_REQUEST));
        }
        if is_file {
            // Whoever has no token does not make us read ten megabytes.
            accept_token(req, token.as_deref())?;
            called = part.content_disposition().and_then(|told| told.get_filename()).unwrap_or_default().chars().take(200).collect();
            file = match file {
                File::Nothing => read_file(&mut part).await?,
                File::Bytes(_) | File::TooLarge => return Err(Failure::Status(StatusCode::BAD_REQUEST)),
            };
            continue;
        }
        let value = read_text(&mut part).await?;
        text = format!("{text}&{}={}", encoded(&name), encoded(&value));
        if name == csrf::FIELD {
            token = Some(value);
        }
    }
    accept_token(req, token.as_deref())?;
    Ok((text.trim_start_matches('&').to_owned(), file, called))
}

fn accept_token(req: &HttpRequest, token: Option<&str>) -> std::result::Result<(), Failure> {
    if csrf::accepts(req, token) { Ok(()) } else { Err(Failure::CrossSite) }
}

async fn read_text(part: &mut Field) -> std::result::Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.next().await {
        bytes.extend_from_slice(&piece.map_err(|error| refused(&error))?);
        if bytes.len() > TEXT_MOST {
            return Err(Failure::Status(StatusCode::PAYLOAD_TOO_LARGE));
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::Status(StatusCode::BAD_REQUEST))?;
    if text.contains('\0') { Err(Failure::Status(StatusCode::BAD_REQUEST)) } else { Ok(text) }
}

async fn read_file(part: &mut Field) -> std::result::Result<File, Failure> {
    let (mut bytes, mut size) = (Vec::new(), 0_usize);
    while let Some(piece) = part.next().await {
        let piece = piece.map_err(|error| refused(&error))?;
        size = size.saturating_add(piece.len());
        if size > PATIENCE {
            return Err(Failure::Status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        if size <= MOST {
            bytes.extend_from_slice(&piece);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(match size {
        // A form without a chosen file sends an empty one.
        0 => File::Nothing,
        size if size > MOST => File::TooLarge,
        _ => File::Bytes(bytes),
    })
}

fn refused(error: &MultipartError) -> Failure {
    let status = error.status_code();
    Failure::Status(if status.is_client_error() { status } else { StatusCode::BAD_REQUEST })
}

#[cfg(test)]
mod tests {
    use actix_web::{
        FromRequest,
        cookie::Cookie,
        test::TestRequest,
        web::{Data, Query},
    };
    use kernel::{clock::Clock, db::{Db, DbRole}};
    use std::collections::HashMap;

    use super::*;
    use crate::{Catalog, Memory, Mode, form::Deciding};

    type Fields = HashMap<String, String>;

    fn site() -> Data<Site> {
        Data::new(Site {
            catalog: Catalog::build(crate::LOCALES).unwrap(),
            db: Db::connect("postgresql://nobody@127.0.0.1:1/nothing", DbRole::Web, 1).unwrap(),
            clock: Clock::System,
            mode: Mode::Test,
            url: "http://127.0.0.1".into(),
            tasks: Vec::new(),
            navigation: Vec::new(),
            rights: Vec::new(),
            memory: Memory::default(),
        })
    }

    fn part(name: &str, file: Option<&str>, value: &[u8]) -> Vec<u8> {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: text/html")).unwrap_or_default();
        [format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(), value, b"\r\n"].concat()
    }

    async fn send(parts: &[Vec<u8>], is_let_in: Option<bool>) -> std::result::Result<Sent<Fields>, Failure> {
        let body = [parts.concat(), b"--b--\r\n".to_vec()].concat();
        let session = "a".repeat(43);
        let request = TestRequest::post().app_data(site()).cookie(Cookie::new("session", session)).insert_header(("content-type", "multipart/form-data; boundary=b")).set_payload(body);
        let (req, mut payload) = request.to_http_parts();
        let deciding = is_let_in.map(|_| Deciding::about(&req));
        let sent = Sent::<Fields>::from_request(&req, &mut payload);
        match (deciding, is_let_in) {
            (Some(deciding), Some(true)) => deciding.let_in(),
            (deciding, _) => drop(deciding),
        }
        sent.await
    }

    fn token() -> Vec<u8> {
        let req = TestRequest::get().app_data(site()).cookie(Cookie::new("session", "a".repeat(43))).to_http_request();
        part("csrf", None, csrf::token(&req).unwrap().as_bytes())
    }

    fn message(error: Error) -> &'static str {
        match error {
            Error::Invalid(fields) => fields[0].message,
            other => panic!("{other:?}"),
        }
    }

    #[actix_web::test]
    async fn a_form_gives_its_fields_and_its_file() {
        let parts = [token(), part("day", None, "22.11 & ә".as_bytes()), part("file", Some("a.html"), b"%PDF-1.4 x")];
        let mut sent = send(&parts, None).await.unwrap();
        assert_eq!(sent.fields.get("day").map(String::as_str), Some("22.11 & ә"));
        assert_eq!(sent.name(), "a.html", "shown, and not believed");
        assert_eq!(sent.scan().await.unwrap(), Scan { media: Media::Pdf, bytes: b"%PDF-1.4 x".to_vec() });
        assert!(Query::<Fields>::from_query("").is_ok());
    }

    #[test]
    fn a_slow_phone_has_the_time_that_its_photo_takes() {
        let of = |length: &str| within(&TestRequest::post().insert_header((CONTENT_LENGTH, length)).to_http_request());
        assert_eq!(of("3200000"), WITHIN + Duration::from_secs(200));
        assert_eq!((of("0"), of("-5")), (WITHIN, WITHIN));
        assert!(of("99999999999999999") < Duration::from_secs(3600), "nobody waits for more than is read");
    }

    #[actix_web::test]
    async fn inv_1_nothing_is_read_before_the_guard_and_the_token() {
        let file = part("file", Some("x.pdf"), b"%PDF-1.4");
        assert!(matches!(send(&[token(), file.clone()], Some(false)).await, Err(Failure::Status(StatusCode::FORBIDDEN))));
        assert!(send(&[token(), file.clone()], Some(true)).await.is_ok());
        assert!(matches!(send(&[file.clone(), token()], None).await, Err(Failure::CrossSite)), "the token stands before the file");
        assert!(matches!(send(&[part("csrf", None, b"0000"), file], None).await, Err(Failure::CrossSite)));
        assert!(matches!(send(&[], None).await, Err(_)));
    }

    #[actix_web::test]
    async fn inv_2_what_cannot_be_taken_is_refused_at_its_field() {
        let empty = part("file", Some(""), b"");
        assert_eq!(message(send(&[token(), empty], None).await.unwrap().scan().await.unwrap_err()), "upload-nothing");
        let page = part("file", Some("scan.pdf"), b"<html><script>");
        assert_eq!(message(send(&[token(), page], None).await.unwrap().scan().await.unwrap_err()), "upload-not-taken");
        let large = part("file", Some("scan.pdf"), &[b"%PDF-1.4".to_vec(), vec![b'x'; MOST]].concat());
        assert_eq!(message(send(&[token(), large], None).await.unwrap().scan().await.unwrap_err()), "upload-too-large");
        let broken = part("file", Some("me.png"), b"\x89PNG\r\n\x1a\nnothing of the kind");
        assert_eq!(message(send(&[token(), broken], None).await.unwrap().scan().await.unwrap_err()), "upload-unreadable");
        let document = part("file", Some("me.png"), b"%PDF-1.4");
        assert_eq!(message(send(&[token(), document], None).await.unwrap().picture(Sizes { full: 100, small: 10 }).await.unwrap_err()), "upload-not-a-picture");
        let long = part("day", None, &vec![b'x'; TEXT_MOST + 1]);
        assert!(matches!(send(&[token(), long], None).await, Err(Failure::Status(StatusCode::PAYLOAD_TOO_LARGE))));
    }
}
