//! What the journal asks of a disk, so that tests can have one that is full, tears writes or breaks.

use std::{
    fs::{self, File},
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
    /// Writes over what is there. File systems that write in place need no new room for that; those that copy (UBIFS, F2FS, btrfs) do.
    fn overwrite(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()>;
    /// Shortens a file.
    fn cut(&self, file: &File, length: u64) -> io::Result<()>;
    /// Returns when what was written would survive a loss of power.
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Returns when the names in a folder would survive a loss of power.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Puts a file in the place of another.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
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

    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        // Not `sync_data`: a length counts too.
        file.sync_all()
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// Makes a folder, and those above it, that would survive a loss of power.
pub fn make_folder(folder: &Path, disk: &dyn Disk) -> io::Result<()> {
    let absent: Vec<&Path> = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists()).collect();
    fs::create_dir_all(folder)?;
    for above in absent.iter().filter_map(|path| path.parent()) {
        disk.sync_folder(if above.as_os_str().is_empty() { Path::new(".") } else { above })?;
    }
    Ok(())
}
