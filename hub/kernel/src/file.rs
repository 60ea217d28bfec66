//! Files: what people upload (scans, pictures), in the database in chunks of 1 MiB, so that a backup and a transaction hold everything.
//! Rooms keep a [`FileId`] in their own rows and decide who may see it; this module only keeps bytes. Behind [`Files`], so that an
//! object storage can stand in for [`InDatabase`] later.
//! Owns `file`, `file_chunk`. All files of a person: `file.person_id` (index `file_person`); they go by [`Files::remove`].
//!
//! Always true:
//!  1. What a file is follows from its content, never from its name or from what the sender says ([`Media::of`]).
//!  2. A file is at most [`MOST`] bytes (here, and a CHECK), and reading one never holds more than a chunk in memory.
//!  3. A file once written never changes: no role may update it.

use ring::digest::{SHA256, digest};

use crate::{
    Ctx, Error, Result,
    ctx::Actor,
    db::Tx,
    id::{FileId, PersonId, SchoolId},
    sql::{Command, Query, Statement},
};

/// The largest file.
pub const MOST: usize = 20 * 1024 * 1024;
/// The bytes of a chunk; the last may have fewer.
const CHUNK: usize = 1024 * 1024;

/// What a file can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// A document. Never looked into: given out as it came, to be saved and not shown.
    Pdf,
    /// A picture.
    Jpeg,
    /// A picture.
    Png,
    /// A picture.
    Webp,
}

impl Media {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Webp];

    /// As in SQL and in a header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The ending of its name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// What these bytes are, by how they begin; nothing for all else.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    fn stored(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|media| media.as_str() == text).ok_or_else(|| Error::broken("a stored file of no known kind"))
    }
}

/// A file to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'a> {
    /// The school it belongs to.
    pub school: SchoolId,
    /// Whose data it is.
    pub person: PersonId,
    /// `room.what`, such as `people.photo`.
    pub kind: &'static str,
    /// What it is.
    pub media: Media,
    /// All of it.
    pub bytes: &'a [u8],
}

/// A kept file without its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Which one.
    pub id: FileId,
    /// Whose data it is.
    pub person: PersonId,
    /// What it is.
    pub media: Media,
    /// How many bytes.
    pub size: u64,
    /// How many chunks.
    pub chunks: u32,
}

/// Where files are kept. Each call is part of the caller's transaction.
pub trait Files: Send + Sync {
    /// Keeps a file.
    fn put(&self, tx: &Tx, ctx: &Ctx, file: NewFile<'_>) -> impl Future<Output = Result<FileId>> + Send;
    /// Finds one by its id, if it is of this kind.
    fn find(&self, tx: &Tx, school: SchoolId, kind: &'static str, id: FileId) -> impl Future<Output = Result<Kept>> + Send;
    /// Reads a chunk, from 0.
    fn chunk(&self, tx: &Tx, school: SchoolId, id: FileId, n: u32) -> impl Future<Output = Result<Vec<u8>>> + Send;
    /// Removes files, whatever is left of them.
    fn remove(&self, tx: &Tx, school: SchoolId, ids: &[FileId]) -> impl Future<Output = Result<u64>> + Send;
}

/// Files as rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct InDatabase;

type NewRow = (SchoolId, FileId, &'static str, PersonId, &'static str, i32, Vec<u8>, jiff::Timestamp, Option<PersonId>);

const FILE_ADD: Command<NewRow> = Command::new(
    "file.add",
    "insert into file (school_id, id, kind, person_id, media_type, size, sha256, created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
);

const CHUNK_ADD: Command<(SchoolId, FileId, Vec<i32>, Vec<Vec<u8>>)> = Command::new(
    "file.chunk_add",
    "insert into file_chunk (school_id, file_id, n, bytes) select $1, $2, c.n, c.bytes from unnest($3::int[], $4::bytea[]) as c (n, bytes)",
);

crate::row! {
    struct FileRow { person_id: PersonId, media_type: String, size: i32 }
}

const FILE_FIND: Query<(SchoolId, FileId, &'static str), FileRow> =
    Query::new("file.find", "select person_id, media_type, size from file where school_id = $1 and id = $2 and kind = $3");

crate::row! {
    struct ChunkRow { bytes: Vec<u8> }
}

const CHUNK_FIND: Query<(SchoolId, FileId, i32), ChunkRow> =
    Query::new("file.chunk_find", "select bytes from file_chunk where school_id = $1 and file_id = $2 and n = $3");

const FILE_REMOVE: Command<(SchoolId, Vec<FileId>)> = Command::new("file.remove", "delete from file where school_id = $1 and id = any($2)");

/// What becomes of a person's files when the person is erased. Chunks go with their file.
pub static HOLDINGS: &[crate::keep::Holding] = &[crate::keep::Holding {
    table: "file",
    count: Query::new("file.held", "select count(*) as count from file where school_id = $1 and person_id = $2"),
    fate: crate::keep::Fate::Delete(Command::new(
        "file.erase",
        "delete from file where ctid = any(array(select ctid from file where school_id = $1 and person_id = $2 limit $3))",
    )),
}];

/// Every statement of this module, for the test that prepares them all.
pub const STATEMENTS: &[&dyn Statement] = &[&FILE_ADD, &CHUNK_ADD, &FILE_FIND, &CHUNK_FIND, &FILE_REMOVE];

impl Files for InDatabase {
    async fn put(&self, tx: &Tx, ctx: &Ctx, file: NewFile<'_>) -> Result<FileId> {
        let NewFile { school, person, kind, media, bytes } = file;
        if bytes.is_empty() || bytes.len() > MOST {
            return Err(Error::broken("a file of no size, or over the limit, reached the files: its form lets it through"));
        }
        let id: FileId = ctx.id();
        let by = match &ctx.actor {
            Actor::Person(signed_in) => Some(signed_in.person),
            Actor::System(_) => None,
        };
        let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        let hash = digest(&SHA256, bytes).as_ref().to_vec();
        FILE_ADD.run(tx, (school, id, kind, person, media.as_str(), size, hash, ctx.now(), by)).await?;
        let chunks: Vec<Vec<u8>> = bytes.chunks(CHUNK).map(<[u8]>::to_vec).collect();
        let numbers = (0_i32..).take(chunks.len()).collect();
        CHUNK_ADD.run(tx, (school, id, numbers, chunks)).await?;
        Ok(id)
    }

    async fn find(&self, tx: &Tx, school: SchoolId, kind: &'static str, id: FileId) -> Result<Kept> {
        let row = FILE_FIND.one(tx, (school, id, kind)).await?;
        let size = u64::try_from(row.size).unwrap_or(0);
        let chunk = u64::try_from(CHUNK).unwrap_or(1);
        Ok(Kept { id, person: row.person_id, media: Media::stored(&row.media_type)?, size, chunks: u32::try_from(size.div_ceil(chunk)).unwrap_or(0) })
    }

    async fn chunk(&self, tx: &Tx, school: SchoolId, id: FileId, n: u32) -> Result<Vec<u8>> {
        let n = i32::try_from(n).map_err(|_| Error::NotFound)?;
        Ok(CHUNK_FIND.one(tx, (school, id, n)).await?.bytes)
    }

    async fn remove(&self, tx: &Tx, school: SchoolId, ids: &[FileId]) -> Result<u64> {
        FILE_REMOVE.run(tx, (school, ids.to_vec())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inv_1_a_file_is_what_it_begins_with() {
        for (bytes, media) in [
            (&b"%PDF-1.7\n"[..], Some(Media::Pdf)),
            (&[0xff, 0xd8, 0xff, 0xe0, 0, 0][..], Some(Media::Jpeg)),
            (&b"\x89PNG\r\n\x1a\n...."[..], Some(Media::Png)),
            (&b"RIFF\0\0\0\0WEBPVP8 "[..], Some(Media::Webp)),
            (&b"RIFF\0\0\0\0WAVEfmt "[..], None),
            (&b"GIF89a"[..], None),
            (&b"<svg onload=alert(1)>"[..], None),
            (&b"MZ"[..], None),
            (&b"%PDF"[..], None),
            (&b""[..], None),
        ] {
            assert_eq!(Media::of(bytes), media, "{bytes:?}");
        }
    }

    #[test]
    fn a_stored_kind_reads_back() {
        for media in Media::ALL {
            assert_eq!(Media::stored(media.as_str()).ok(), Some(media));
        }
        assert!(Media::stored("text/html").is_err());
    }
}
