//! Writing the zip: rows go through the CSV writer into the archive one after another, as RFC 4180 has it (commas, CRLF, quotes where needed).

use std::io::{Cursor, Write};

use kernel::{Error, Result};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::rules::{Roster, Sink, write};

/// The archive that is being written.
struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
}

impl Sink for Archive {
    type Error = Error;

    fn begin(&mut self, name: &str, columns: &[&str]) -> Result<()> {
        self.zip.start_file(name, SimpleFileOptions::default()).map_err(|error| Error::broken(format!("zip: {error}")))?;
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        self.row(&columns)
    }

    fn row(&mut self, cells: &[String]) -> Result<()> {
        self.zip.write_all(&line(cells)?).map_err(|error| Error::broken(format!("zip: {error}")))
    }
}

/// A line of a CSV file.
pub(crate) fn line(cells: &[String]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| Error::broken(format!("csv: {error}")))?;
    writer.into_inner().map_err(|_| Error::broken("csv: a line that cannot be written"))
}

/// The zip of a roster, and how many people are in it.
///
/// # Errors
/// When it cannot be written.
pub fn pack(roster: &Roster) -> Result<(usize, Vec<u8>)> {
    let mut archive = Archive { zip: ZipWriter::new(Cursor::new(Vec::new())) };
    let people = write(roster, &mut archive)?;
    let bytes = archive.zip.finish().map_err(|error| Error::broken(format!("zip: {error}")))?;
    Ok((people, bytes.into_inner()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(cells in prop::collection::vec("\\PC{0,12}|[,\"; ']{0,5}", 1..6)) {
            let written = line(&cells).unwrap();
            prop_assert!(written.ends_with(b"\r\n"));
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_slice());
            let read: Vec<Vec<String>> = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(read, vec![cells]);
        }
    }
}
