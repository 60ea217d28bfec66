//! The form that writes an announcement: new, shown again with what is wrong, or a draft to be changed.

use actix_web::{HttpRequest, http::StatusCode};
use askama::Template;
use kernel::{
    error::FieldError,
    id::{Uuid, show as show_id},
};
use web::{
    Answer, Page, Texts,
    component::{Choice, FormField, Need},
    csrf::{self, CsrfField},
};

use super::{
    rules::{Readers, Typed, staff_roles},
    store::{Announcement, Class},
};

#[derive(Template)]
#[template(path = "announcement_form.html")]
struct View<'a> {
    t: Texts<'a>,
    csrf: CsrfField,
    path: String,
    id: String,
    failed: bool,
    words: Vec<FormField>,
    readers: FormField,
    /// Asked where somebody beside staff reads it.
    within: FormField,
    grades: FormField,
    classes: FormField,
    /// Asked where staff reads it.
    roles: FormField,
}

impl Typed {
    /// A draft as it would be typed.
    pub fn of(announcement: &Announcement) -> Self {
        Self {
            title_kk: announcement.title_kk.clone(),
            title_ru: announcement.title_ru.clone(),
            text_kk: announcement.text_kk.clone(),
            text_ru: announcement.text_ru.clone(),
            urgency: announcement.urgency.clone(),
            readers: announcement.readers.clone(),
            audience: announcement.audience.clone(),
            grades: announcement.grades.iter().map(i32::to_string).collect(),
            classes: announcement.class_ids.iter().map(ToString::to_string).collect(),
            roles: announcement.roles.clone(),
        }
    }
}

/// Answers with the form.
pub fn respond(req: &HttpRequest, path: String, id: Uuid, typed: &Typed, classes: &[Class], wrong: &[FieldError]) -> Answer {
    let t = web::page::texts(req)?;
    let [readers, within, grades, classes, roles] = audience(&t, typed, classes).map(|field| field.error_in(wrong, &t));
    let view = View {
        csrf: csrf::field(req),
        path,
        id: show_id(id),
        failed: !wrong.is_empty(),
        words: words(&t, typed).into_iter().map(|field| field.error_in(wrong, &t)).collect(),
        readers,
        within,
        grades,
        classes,
        roles,
        t: t.clone(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(t.text("announcements-new")).narrow().status(status).respond(req, &view)
}

fn words(t: &Texts<'_>, typed: &Typed) -> Vec<FormField> {
    let line = |name: &str, key: &str, value: &str| FormField::text(name, t.text(key), Need::Required).value(value).most(120);
    let area = |name: &str, key: &str, value: &str| FormField::area(name, t.text(key), Need::Required, 6).value(value);
    let urgency = vec![Choice::new("normal", t.text("announcements-normal")), Choice { hint: Some(t.text("announcements-alarm-hint")), ..Choice::new("alarm", t.text("announcements-alarm")) }];
    vec![
        line("title_kk", "announcements-title-kk", &typed.title_kk),
        area("text_kk", "announcements-text-kk", &typed.text_kk),
        line("title_ru", "announcements-title-ru", &typed.title_ru),
        area("text_ru", "announcements-text-ru", &typed.text_ru),
        FormField::radios("urgency", t.text("announcements-urgency"), Need::Required, urgency).value(if typed.urgency == "alarm" { "alarm" } else { "normal" }),
    ]
}

/// Who reads it, of which classes, grades, classes, roles.
fn audience(t: &Texts<'_>, typed: &Typed, classes: &[Class]) -> [FormField; 5] {
    let readers = Readers::ALL.map(|readers| {
        let key = readers.as_str().replace('_', "-");
        let hint = matches!(readers, Readers::Pupils | Readers::ClassTeachers).then(|| t.text(format!("announcements-to-{key}-hint")));
        Choice { hint, ..Choice::new(readers.as_str(), t.text(format!("announcements-to-{key}"))) }
    });
    let roles = staff_roles().map(|role| Choice::new(role.as_str(), t.text(format!("role-{}", role.as_str().replace('_', "-"))))).collect();
    let kinds = ["school", "grades", "classes"].map(|kind| Choice::new(kind, t.text(format!("announcements-audience-{kind}"))));
    let mut grades: Vec<i16> = classes.iter().map(|class| class.grade).collect();
    grades.dedup();
    let grades = grades.into_iter().map(|grade| Choice::new(grade.to_string(), grade.to_string())).collect();
    let classes = classes.iter().map(|class| Choice::new(class.class_id.to_string(), &class.class_label)).collect();
    [
        FormField::checks("readers", t.text("announcements-audience"), Need::Required, readers.into()).values(typed.readers.clone()),
        FormField::radios("audience", t.text("announcements-of-classes"), Need::Required, kinds.into()).value(if typed.audience.is_empty() { "school" } else { typed.audience.as_str() }),
        FormField::checks("grades", t.text("announcements-grades"), Need::optional(t), grades).values(typed.grades.clone()),
        FormField::checks("classes", t.text("announcements-classes"), Need::optional(t), classes).values(typed.classes.clone()),
        FormField::checks("roles", t.text("announcements-roles"), Need::optional(t), roles).values(typed.roles.clone()).hint(t.text("announcements-roles-hint")),
    ]
}
