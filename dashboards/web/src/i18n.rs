//! Translation. Messages are Fluent, whole sentences with arguments; numbers, dates and money are formatted here, so that all pages
//! write them alike: `dd.MM.yyyy`, `HH:mm`, `1 250 ₸`.
//!
//! A key missing in a language is looked for in Kazakh; missing there too, the key itself is shown and logged once.
//! [`Catalog::missing`] lists the keys that are not in all languages, for the tests that keep them complete.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
    sync::{Mutex, PoisonError},
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Error, Locale, Result, money::Money};

/// The Fluent text of one room in one language.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The language.
    pub locale: Locale,
    /// The messages.
    pub ftl: &'static str,
}

/// All messages of the product.
pub struct Catalog {
    kk: FluentBundle<FluentResource>,
    ru: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    sources: Vec<Source>,
    complained: Mutex<HashSet<String>>,
}

impl Catalog {
    /// Reads all messages.
    ///
    /// # Errors
    /// When a text is no Fluent, or two rooms use one key.
    pub fn build(sources: &[Source]) -> Result<Self> {
        let bundle = |locale| bundle_of(locale, sources);
        Ok(Self {
            kk: bundle(Locale::Kk)?,
            ru: bundle(Locale::Ru)?,
            en: bundle(Locale::En)?,
            sources: sources.to_vec(),
            complained: Mutex::default(),
        })
    }

    /// The message in the language, else in Kazakh, else the key.
    pub fn text(&self, locale: Locale, key: &str, args: &FluentArgs<'_>) -> String {
        [locale, Locale::Kk].into_iter().find_map(|locale| self.find(locale, key, args)).unwrap_or_else(|| {
            self.complain(key);
            key.to_owned()
        })
    }

    /// Whether the key is there in Kazakh, which all keys must be.
    pub fn has(&self, key: &str) -> bool {
        self.kk.has_message(key)
    }

    /// A view of the catalog in one language and zone, for templates.
    pub fn texts(&self, locale: Locale) -> Texts<'_> {
        Texts { catalog: self, locale, zone: default_zone() }
    }

    /// `kk key` for every key that one language lacks while another has it.
    pub fn missing(&self) -> Vec<String> {
        let keys_in = |locale| self.sources.iter().filter(move |source| source.locale == locale).flat_map(|source| keys(source.ftl)).collect::<BTreeSet<_>>();
        let all: BTreeSet<_> = self.sources.iter().flat_map(|source| keys(source.ftl)).collect();
        let lacking = |locale: Locale| {
            let here = keys_in(locale);
            all.iter().filter(|key| !here.contains(*key)).map(|key| format!("{} {key}", locale.as_str())).collect::<Vec<_>>()
        };
        Locale::ALL.into_iter().flat_map(lacking).collect()
    }

    fn find(&self, locale: Locale, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = match locale {
            Locale::Kk => &self.kk,
            Locale::Ru => &self.ru,
            Locale::En => &self.en,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        if !errors.is_empty() {
            self.complain(&format!("{key}: {errors:?}"));
        }
        Some(text)
    }

    fn complain(&self, about: &str) {
        let mut complained = self.complained.lock().unwrap_or_else(PoisonError::into_inner);
        if complained.len() < 1_000 && complained.insert(about.to_owned()) {
            tracing::warn!(key = about, "message missing or incomplete");
        }
    }
}

fn bundle_of(locale: Locale, sources: &[Source]) -> Result<FluentBundle<FluentResource>> {
    let language = locale.as_str().parse().map_err(|_| Error::broken("a language tag cannot be read"))?;
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(grouped(number.as_string().as_ref())),
        _ => None,
    }));
    for source in sources.iter().filter(|source| source.locale == locale) {
        let resource = FluentResource::try_new(source.ftl.to_owned()).map_err(|(_, errors)| Error::broken(format!("messages in {}: {errors:?}", locale.as_str())))?;
        bundle.add_resource(resource).map_err(|errors| Error::broken(format!("messages in {}: {errors:?}", locale.as_str())))?;
    }
    Ok(bundle)
}

/// The keys that a Fluent text defines: what stands at the start of a line before `=`.
fn keys(ftl: &'static str) -> impl Iterator<Item = &'static str> {
    ftl.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic())).filter_map(|line| line.split_once('=').map(|(key, _)| key.trim()))
}

/// `12345.5` as people read it: `12 345,5` with no-break spaces.
fn grouped(number: &str) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = whole.trim_start_matches('-');
    let mut shown = String::from(if whole.starts_with('-') { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push('\u{a0}');
        }
        shown.push(digit);
    }
    if !part.is_empty() {
        shown.push(',');
        shown.push_str(part);
    }
    shown
}

/// The zone of a page that knows no school yet.
fn default_zone() -> TimeZone {
    TimeZone::get("Asia/Almaty").unwrap_or(TimeZone::UTC)
}

/// What a template calls `t`: the messages in the reader's language, times in the school's zone.
#[derive(Clone)]
pub struct Texts<'a> {
    catalog: &'a Catalog,
    locale: Locale,
    zone: TimeZone,
}

impl Texts<'_> {
    /// The same in another zone, by its IANA name; an unknown name changes nothing.
    #[must_use]
    pub fn in_zone(mut self, name: &str) -> Self {
        if let Ok(zone) = TimeZone::get(name) {
            self.zone = zone;
        }
        self
    }

    /// The language.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The zone that times are shown in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A message without arguments.
    pub fn text(&self, key: impl AsRef<str>) -> String {
        self.catalog.text(self.locale, key.as_ref(), &FluentArgs::new())
    }

    /// A message with arguments: `t.with("k", &[("name", value)])`, or of several types `t.with("k", (("name", value), ("count", 3)))`.
    pub fn with(&self, key: impl AsRef<str>, args: impl Arguments) -> String {
        let mut fluent = FluentArgs::new();
        args.each(&mut |name, value| fluent.set(name.to_owned(), value));
        self.catalog.text(self.locale, key.as_ref(), &fluent)
    }

    /// A message whose arguments were stored as JSON, as notices store them.
    pub fn with_json(&self, key: &str, args: &serde_json::Value) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args.as_object().into_iter().flatten() {
            fluent.set(name.clone(), json_value(value));
        }
        self.catalog.text(self.locale, key, &fluent)
    }

    /// `07:52`
    pub fn time(&self, at: impl std::borrow::Borrow<Timestamp>) -> String {
        at.borrow().to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    /// `21.11.2026`
    pub fn date(&self, at: impl std::borrow::Borrow<Timestamp>) -> String {
        at.borrow().to_zoned(self.zone.clone()).strftime("%d.%m.%Y").to_string()
    }

    /// `21.11.2026 07:52`
    pub fn moment(&self, at: impl std::borrow::Borrow<Timestamp>) -> String {
        at.borrow().to_zoned(self.zone.clone()).strftime("%d.%m.%Y %H:%M").to_string()
    }

    /// The day a moment falls on in this zone.
    pub fn day_of(&self, at: impl std::borrow::Borrow<Timestamp>) -> Date {
        at.borrow().to_zoned(self.zone.clone()).date()
    }

    /// `21.11.2026, Saturday`, in the reader's language.
    pub fn day(&self, day: impl std::borrow::Borrow<Date>) -> String {
        let day = day.borrow();
        let weekday = self.text(format!("weekday-{}", day.weekday().to_monday_one_offset()));
        self.with("day", (("date", day.strftime("%d.%m.%Y").to_string()), ("weekday", weekday)))
    }

    /// `1 250`
    pub fn number(&self, number: impl ToArg) -> String {
        match number.to_arg() {
            FluentValue::Number(number) => grouped(number.as_string().as_ref()),
            FluentValue::String(text) => text.into_owned(),
            _ => String::new(),
        }
    }
}

fn json_value(value: &serde_json::Value) -> FluentValue<'static> {
    match value {
        serde_json::Value::String(text) => FluentValue::from(text.clone()),
        serde_json::Value::Number(number) => number.as_f64().map_or(FluentValue::None, FluentValue::from),
        other => FluentValue::from(other.to_string()),
    }
}

/// A value that a message can take.
pub trait ToArg {
    /// As Fluent sees it.
    fn to_arg(&self) -> FluentValue<'static>;
}

macro_rules! numbers { ($($T:ty),*) => { $(impl ToArg for $T { fn to_arg(&self) -> FluentValue<'static> { FluentValue::from(*self) } })* } }
numbers!(i8, i16, i32, i64, u8, u16, u32, u64, usize, isize, f64);

impl ToArg for str {
    fn to_arg(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}

impl ToArg for String {
    fn to_arg(&self) -> FluentValue<'static> {
        self.as_str().to_arg()
    }
}

impl ToArg for Cow<'_, str> {
    fn to_arg(&self) -> FluentValue<'static> {
        self.as_ref().to_arg()
    }
}

impl ToArg for Money {
    fn to_arg(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_string())
    }
}

impl<T: ToArg + ?Sized> ToArg for &T {
    fn to_arg(&self) -> FluentValue<'static> {
        (**self).to_arg()
    }
}

/// Named arguments of a message: an array of pairs of one type, or a tuple of pairs of several.
pub trait Arguments {
    /// Hands over each one.
    fn each(&self, take: &mut dyn FnMut(&str, FluentValue<'static>));
}

impl<V: ToArg> Arguments for [(&str, V)] {
    fn each(&self, take: &mut dyn FnMut(&str, FluentValue<'static>)) {
        for (name, value) in self {
            take(name, value.to_arg());
        }
    }
}

impl<V: ToArg, const N: usize> Arguments for [(&str, V); N] {
    fn each(&self, take: &mut dyn FnMut(&str, FluentValue<'static>)) {
        self.as_slice().each(take);
    }
}

impl<T: Arguments + ?Sized> Arguments for &T {
    fn each(&self, take: &mut dyn FnMut(&str, FluentValue<'static>)) {
        (**self).each(take);
    }
}

macro_rules! tuples { ($($V:ident $i:tt),*) => {
    impl<$($V: ToArg),*> Arguments for ($((&str, $V),)*) {
        fn each(&self, take: &mut dyn FnMut(&str, FluentValue<'static>)) { $(take(self.$i.0, self.$i.1.to_arg());)* }
    }
} }
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);

#[cfg(test)]
mod tests {
    use super::*;

    const KK: &str = "hello = Сәлем, { $name }!\npupils = { $count } оқушы\nonly-kk = тек қазақша\n";
    const RU: &str = "hello = Привет, { $name }!\npupils = { $count ->\n    [one] { $count } ученик\n    [few] { $count } ученика\n   *[many] { $count } учеников\n }\n";

    fn catalog() -> Catalog {
        Catalog::build(&[Source { locale: Locale::Kk, ftl: KK }, Source { locale: Locale::Ru, ftl: RU }, Source { locale: Locale::En, ftl: KK }]).unwrap()
    }

    #[test]
    fn a_message_comes_in_the_language_then_in_kazakh_then_as_its_key() {
        let catalog = catalog();
        let ru = catalog.texts(Locale::Ru);
        assert_eq!(ru.with("hello", &[("name", "Айша")]), "Привет, Айша!");
        assert_eq!(ru.text("only-kk"), "тек қазақша");
        assert_eq!(ru.text("nowhere"), "nowhere");
        assert_eq!(ru.with("pupils", [("count", 2)]), "2 ученика");
        assert_eq!(ru.with("pupils", (("count", 1_204), ("unused", "x"))), "1\u{a0}204 ученика");
        assert_eq!(catalog.texts(Locale::Kk).with("pupils", [("count", 5)]), "5 оқушы");
    }

    #[test]
    fn times_and_dates_are_written_in_the_schools_zone() {
        let catalog = catalog();
        let t = catalog.texts(Locale::Kk);
        let at: Timestamp = "2026-11-21T02:52:00Z".parse().unwrap();
        assert_eq!((t.time(at), t.date(at), t.moment(at)), ("07:52".into(), "21.11.2026".into(), "21.11.2026 07:52".into()));
        assert_eq!(t.clone().in_zone("UTC").time(at), "02:52");
        assert_eq!(t.number(-1_234_567), "-1\u{a0}234\u{a0}567");
    }

    #[test]
    fn a_key_in_one_language_only_is_reported() {
        assert_eq!(catalog().missing(), ["ru only-kk"]);
    }

    #[test]
    fn two_rooms_may_not_share_a_key() {
        let twice = [Source { locale: Locale::Kk, ftl: KK }, Source { locale: Locale::Kk, ftl: KK }];
        assert!(Catalog::build(&twice).is_err());
    }

    #[test]
    fn the_layouts_own_messages_are_complete() {
        assert_eq!(Catalog::build(crate::LOCALES).unwrap().missing(), Vec::<String>::new());
    }
}
