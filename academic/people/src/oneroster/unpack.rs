//! Unpacking what another system sent: so many files, so large, packed so tightly and no tighter, each by its plain name. What it says of itself
//! is not believed: bytes are counted as they come.

use std::{collections::BTreeMap, io::{Cursor, Read}};

use zip::ZipArchive;

use super::rules::Trouble;

/// So many files.
const FILES_MOST: usize = 40;
/// So much in one.
const FILE_MOST: u64 = 32 * 1024 * 1024;
/// So much in all.
const ALL_MOST: u64 = 96 * 1024 * 1024;
/// So many times as much as was packed; names of people shrink to a tenth at best.
const RATIO_MOST: u64 = 200;
/// Below this nobody counts how tight it is packed.
const RATIO_FROM: u64 = 1024 * 1024;

/// The files of a zip: name → text.
///
/// # Errors
/// Why it is not read.
pub fn unpack(bytes: &[u8]) -> Result<BTreeMap<String, String>, Trouble> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Trouble::NotAZip)?;
    if archive.len() > FILES_MOST {
        return Err(Trouble::TooMany(FILES_MOST));
    }
    let (mut files, mut all) = (BTreeMap::new(), 0_u64);
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(|_| Trouble::NotAZip)?;
        let name = entry.name().map_err(|_| Trouble::NotAZip)?.into_owned();
        if !is_plain(&name) {
            return Err(Trouble::Path(name.chars().take(60).collect()));
        }
        let packed = entry.compressed_size();
        let mut unpacked = Vec::new();
        let read = entry.by_ref().take(FILE_MOST + 1).read_to_end(&mut unpacked).map_err(|_| Trouble::NotAZip)?;
        let size = u64::try_from(read).unwrap_or(u64::MAX);
        all = all.saturating_add(size);
        if size > FILE_MOST || all > ALL_MOST || (size > RATIO_FROM && size / packed.max(1) > RATIO_MOST) {
            return Err(Trouble::TooLarge(name));
        }
        let text = String::from_utf8(unpacked).map_err(|_| Trouble::NotUtf8(name.clone()))?;
        files.insert(name, text.trim_start_matches('\u{feff}').to_owned());
    }
    Ok(files)
}

/// A file's own name and no way anywhere.
fn is_plain(name: &str) -> bool {
    let letters = name.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-' | ' '));
    letters && !name.starts_with('.') && !name.contains("..") && (1..=80).contains(&name.len())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn inv_4_a_zip_is_read_within_its_bounds_and_no_name_is_a_path() {
        assert_eq!(unpack(&zip(&[("manifest.csv", "\u{feff}a,b\r\n".as_bytes())])).unwrap().get("manifest.csv").unwrap(), "a,b\r\n");
        for name in ["../users.csv", "/etc/users.csv", "a/users.csv", "C:\\users.csv", ".hidden", "a..b"] {
            assert!(matches!(unpack(&zip(&[(name, b"x")])), Err(Trouble::Path(_))), "{name}");
        }
        let many: Vec<String> = (0..=FILES_MOST).map(|n| format!("{n}.csv")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        assert_eq!(unpack(&zip(&many)), Err(Trouble::TooMany(FILES_MOST)));
        // A bomb: three megabytes of one letter pack into three thousand bytes.
        assert_eq!(unpack(&zip(&[("users.csv", &vec![b'a'; 3 * 1024 * 1024])])), Err(Trouble::TooLarge("users.csv".into())));
        assert_eq!(unpack(&zip(&[("users.csv", b"\xff\xfe")])), Err(Trouble::NotUtf8("users.csv".into())));
        assert_eq!(unpack(b"no zip at all"), Err(Trouble::NotAZip));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), place in 0_usize..200, other in any::<u8>()) {
            drop(unpack(&bytes));
            let mut broken = zip(&[("manifest.csv", b"propertyName,value\r\n"), ("users.csv", b"sourcedId\r\n1\r\n")]);
            if let Some(byte) = broken.get_mut(place) { *byte = other; }
            drop(unpack(&broken));
        }
    }
}
