//! Documents as PDF, from outside: the real program through the pages that offer it, and programs that misbehave.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command, time::Duration};

use actix_web::{http::StatusCode, test::TestRequest, web::Data};
use jiff::{Timestamp, Zoned};
use kernel::{
    Locale,
    id::{Uuid, show},
    right::Role,
};
use testkit::{Patience, SchoolBuilder, database, eventually};
use web::print::{self, Bounds, Column, Content, Document, Printer, Table, Trouble};

use crate::{
    roles::staff,
    visitor::{make_site, print_program},
};

/// The text of a PDF, as its reader would copy it, the fonts that are in it, and what is not allowed to be missing.
fn read(pdf: &[u8]) -> (String, String) {
    assert!(pdf.starts_with(b"%PDF-"), "{} bytes are no PDF: was hub/print/build run?", pdf.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("read.pdf");
    fs::write(&path, pdf).unwrap();
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).arg(&path).args(if program == "pdftotext" { &["-"][..] } else { &[] }).output().expect("poppler-utils: deploy/install tests");
        String::from_utf8(output.stdout).unwrap()
    };
    (said("pdftotext", &["-layout"]), said("pdffonts", &[]))
}

fn page() -> Document {
    let table = Table { wide: false, school: "№ 12 мектеп".into(), lead: Vec::new(), columns: vec![Column::words("Аты".into(), 1)], rows: vec![vec!["Әлия".into()]], total: Vec::new(), nothing: String::new(), signs: None, footer: String::new() };
    Document { locale: Locale::Kk, title: "Тізім".into(), made: Timestamp::UNIX_EPOCH, content: Content::Table(table) }
}

#[actix_web::test]
async fn an_order_is_a_file_in_kazakh_and_in_russian() {
    let school = SchoolBuilder::new().pupils(2).build().await;
    let (office, code) = (staff(&school, Role::SchoolAdministrator).await, school.code.clone());
    let pupil = &school.pupils[0];
    let today = Zoned::now().date().to_string();
    assert_eq!(office.post(&format!("/{code}/pupils/{}/movement/leave", pupil.id), &[("on", &today), ("reason", "moving"), ("place", "Өскемен қ.")]).await.status, StatusCode::SEE_OTHER);
    let order: Uuid = database().superuser().await.query_one("select id from school_order where school_id = $1", &[&school.id.0]).await.unwrap().get(0);
    let path = format!("/{code}/orders/{}", show(order));
    assert!(office.get(&path).await.shows("/order.pdf?language=ru"), "the button is there when {} is: run hub/print/build", print_program().display());
    let surname = pupil.name.split(' ').next().unwrap();
    for (language, words) in [("kk", ["БҰЙРЫҚ", "БҰЙЫРАМЫН:", "мектептен шығарылсын", "Директор"]), ("ru", ["ПРИКАЗ", "ПРИКАЗЫВАЮ:", "Отчислить из школы", "Директор"])] {
        let first = office.download(&format!("{path}/order.pdf?language={language}")).await;
        let (text, fonts) = read(&first);
        for word in words.into_iter().chain(["№ 1", surname, "Өскемен қ.", pupil.class.as_str()]) {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
        assert!(text.replace(' ', "").contains("1/1"), "the page has its number:\n{text}");
        assert!(fonts.lines().skip(2).all(|font| font.contains(" yes yes yes ")), "every font is in the file, cut to what is used, with its letters:\n{fonts}");
        assert!(first == office.download(&format!("{path}/order.pdf?language={language}")).await, "the same order is the same file");
    }
    let (register, _) = read(&office.download(&format!("/{code}/orders.pdf?from={today}&to={today}")).await);
    assert!(register.contains("Бұйрықтар кітабы") && register.contains("Оқушыны шығару туралы"), "{register}");
    assert_eq!(office.get(&format!("/{code}/orders.pdf?from=2026-02-01&to=2026-01-01")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_sheet_with_a_login_is_a_file_from_what_the_page_holds() {
    let school = SchoolBuilder::new().pupils(1).build().await;
    let director = staff(&school, Role::Director).await;
    let sheet = director.post(&format!("/{}/accounts/{}/password", school.code, school.guardians[0].id), &[]).await;
    let held = sheet.body.split("name=\"slips\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the page can be printed as a file").replace("&#34;", "\"").replace("&quot;", "\"");
    let action = format!("/{}/accounts/sheet.pdf", school.code);
    let printed = director.post(&action, &[("title", "sheet-password-title"), ("slips", &held)]).await;
    assert_eq!(printed.status, StatusCode::OK);
    assert!(printed.body.starts_with("%PDF-"));
    for wrong in ["", "[]", "[{\"kind\":\"letter\"}]"] {
        assert_eq!(director.post(&action, &[("slips", wrong)]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}

/// A program of the test's own in place of the real one.
struct Fake {
    _folder: tempfile::TempDir,
    printer: Printer,
}

fn fake(script: &str, bounds: Bounds) -> Fake {
    let folder = tempfile::tempdir().unwrap();
    let program: PathBuf = folder.path().join("shanyraq-print");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    Fake { printer: Printer::new(program, bounds), _folder: folder }
}

/// Whether a process with exactly this command line runs.
fn runs(command_line: &str) -> bool {
    let of = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).ok();
    fs::read_dir("/proc").unwrap().flatten().filter_map(of).any(|line| line == command_line.as_bytes())
}

#[actix_web::test]
async fn inv_1_a_program_that_misbehaves_costs_its_document_and_nothing_else() {
    let bounds = Bounds { limit: Duration::from_millis(700), ..Bounds::default() };
    // Nobody else sleeps for so long.
    let cases: [(&str, fn(&Trouble) -> bool); 8] = [
        ("exec sleep 39739.25", |trouble| matches!(trouble, Trouble::Late)),
        ("cat >&2; exec sleep 39739.25", |trouble| matches!(trouble, Trouble::Late)),
        ("while :; do echo too much is said here >&2; done", |trouble| matches!(trouble, Trouble::Died(_) | Trouble::Late)),
        ("exit 3", |trouble| matches!(trouble, Trouble::Died(_))),
        ("kill -9 $$", |trouble| matches!(trouble, Trouble::Died(_))),
        ("cat > /dev/null; echo '%PDF-1.7 cut sho'", |trouble| matches!(trouble, Trouble::Rubbish(_))),
        ("cat > /dev/null; echo an error page", |trouble| matches!(trouble, Trouble::Rubbish(_))),
        // It may write no file, wherever.
        ("echo words > \"$0.kept\" || exit 3", |trouble| matches!(trouble, Trouble::Died(_))),
    ];
    for (script, expected) in cases {
        let fake = fake(script, bounds);
        let trouble = fake.printer.print(&page()).await.expect_err(script);
        assert!(expected(&trouble), "{script}: {trouble}");
    }
    eventually("what hung is gone", Patience::default(), async || runs("sleep\039739.25\0"), |runs| !runs).await;
    let missing = Printer::new("/nowhere/shanyraq-print".into(), bounds);
    assert!(!missing.is_there() && matches!(missing.print(&page()).await, Err(Trouble::Missing)));
    // A little memory is not enough for fonts and templates; the process ends, and the next one has its own.
    let (little, real) = (Printer::new(print_program(), Bounds { memory_mib: 48, ..Bounds::default() }), Printer::new(print_program(), Bounds::default()));
    assert!(matches!(little.print(&page()).await, Err(Trouble::Died(_) | Trouble::Rubbish(_))));
    assert!(real.print(&page()).await.is_ok());
    // What its reader is told.
    let asked = TestRequest::get().app_data(make_site()).app_data(Data::new(missing)).to_http_request();
    assert!(!print::is_offered(&asked));
    let refused = print::respond(&asked, &page(), "page").await.unwrap_err();
    assert_eq!((refused.status(), refused.code()), (StatusCode::CONFLICT, "print.not_now"));
}

#[actix_web::test]
async fn inv_2_no_more_print_and_no_more_wait_than_the_bounds() {
    let bounds = Bounds { at_once: 1, waiting: 1, limit: Duration::from_millis(700), ..Bounds::default() };
    let fake = fake("exec sleep 39739.5", bounds);
    let document = page();
    let (first, second, third) = tokio::join!(fake.printer.print(&document), fake.printer.print(&document), fake.printer.print(&document));
    assert!(matches!(first, Err(Trouble::Late)), "{first:?}");
    assert!(matches!(second, Err(Trouble::Late | Trouble::Crowded)), "{second:?}");
    assert!(matches!(third, Err(Trouble::Crowded)), "{third:?}");
    // Whoever was refused or killed has left its place.
    assert!(matches!(fake.printer.print(&document).await, Err(Trouble::Late)));
}
