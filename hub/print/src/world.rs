//! The closed world of a template: the library, the embedded fonts, the templates and the document's words. Nothing else can be read.

use std::sync::LazyLock;

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

/// What all templates share.
const BASE: &str = include_str!("../templates/base.typ");

/// Where the document's words lie for a template.
const WORDS: &str = "words.json";

/// The world of one document.
pub struct Closed {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    base: Source,
    words: (FileId, Bytes),
}

/// The serif of all words, and the family that has what it lacks (₸). The rest of the assets is for mathematics.
const FAMILIES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let all = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data)));
    all.filter(|font| FAMILIES.contains(&font.info().family.as_str())).collect()
});

impl Closed {
    /// A world with this template and these words.
    pub fn new(template: &str, words: Vec<u8>) -> Option<Self> {
        let fonts = FONTS.clone();
        Some(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: Source::new(place("main.typ")?, template.to_owned()),
            base: Source::new(place("base.typ")?, BASE.to_owned()),
            words: (place(WORDS)?, Bytes::new(words)),
        })
    }
}

fn place(name: &str) -> Option<FileId> {
    VirtualPath::new(name).ok().map(|path| FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

fn nowhere(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

impl World for Closed {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.main, &self.base].into_iter().find(|source| source.id() == id).cloned().ok_or_else(|| nowhere(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.words.0 { Ok(self.words.1.clone()) } else { Err(nowhere(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // A document's day is what it is given, or none.
        None
    }
}
