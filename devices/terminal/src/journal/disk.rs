//! What the journal asks of a disk, so that tests can have one that is full, tears writes or breaks.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::Path,
};

/// A disk.
pub trait Disk: Send {
    /// Bytes that may still be written, and the size of the whole.
    fn space(&self, folder: &Path) -> io::Result<Space>;
    /// Writes at the end of a file.
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;
    /// Writes over what is there, which needs no new room.
    fn overwrite(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()>;
    /// Returns when what was written would survive a loss of power.
    fn sync(&self, file: &File) -> io::Result<()>;
}

/// Room on a file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// What we may still write.
    pub free_bytes: u64,
    /// All of it.
    pub total_bytes: u64,
}

impl Space {
    /// Free, in percent.
    pub fn free_percent(self) -> f64 {
        let per_mille = self.free_bytes.saturating_mul(1_000).checked_div(self.total_bytes).unwrap_or(0);
        u32::try_from(per_mille).map_or(100.0, |it| f64::from(it) / 10.0)
    }
}

/// A real one.
#[derive(Debug, Clone, Copy)]
pub struct LinuxDisk;

impl Disk for LinuxDisk {
    fn space(&self, folder: &Path) -> io::Result<Space> {
        let stat = rustix::fs::statvfs(folder)?;
        Ok(Space { free_bytes: stat.f_bavail.saturating_mul(stat.f_frsize), total_bytes: stat.f_blocks.saturating_mul(stat.f_frsize) })
    }

    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn overwrite(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        file.write_all_at(bytes, at)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }
}
