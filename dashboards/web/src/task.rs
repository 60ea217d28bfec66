//! Tasks: what waits to be done at a school, on the page that a person's day begins with.
//!
//! A room says in one [`Task`] what it counts, whom it concerns (by the right of the page it leads to) and where it is done; the server
//! collects them (`rooms.rs`), the home page asks for those that the reader may do, all in one round trip, and shows what is late first. A task is
//! numbers and a day: whose they are is seen on the page it leads to, which writes that down. What counts nothing is not shown.

use std::cmp::Reverse;

use futures_util::future::try_join_all;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Result,
    db::Tx,
    id::SchoolId,
    right::{Bounds, Permission, Right, Role},
    waiting::{AtMoment, OfClasses, OfOwnClasses, OnDay, Waiting},
};

use crate::page::Viewer;

/// Something that may wait.
#[derive(Clone, Copy)]
pub struct Task {
    right: Right,
    roles: &'static [Role],
    by_class: bool,
    /// Where it is done; `{school}` stands for the school's code.
    pub href: &'static str,
    /// Message key; the message says how many (`$count`).
    pub text: &'static str,
    urgency: Urgency,
    look: Look,
}

/// How much it presses, where no day is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody waits for it.
    Today,
    /// It should not stay so.
    Soon,
    /// Good to know.
    Sometime,
}

/// By what it is counted.
#[derive(Clone, Copy)]
pub enum Look {
    /// At a school on a day.
    Day(&'static OnDay),
    /// At a school at a moment.
    Moment(&'static AtMoment),
    /// In the classes that the reader may see.
    Classes(&'static OfClasses),
    /// In the classes of who has some only; the others are not told.
    OwnClasses(&'static OfOwnClasses),
}

impl Task {
    /// A task of whoever holds the right `P`, the right of the page at `href` or a stricter one.
    pub const fn of<P: Permission>(href: &'static str, text: &'static str, urgency: Urgency, look: Look) -> Self {
        Self { right: P::RIGHT, roles: P::ROLES, by_class: P::IS_BY_CLASS, href, text, urgency, look }
    }

    /// Of which classes it concerns the reader at the school in their navigation; nothing where it does not.
    pub fn concerns(&self, viewer: &Viewer) -> Option<Bounds> {
        let (granted, role) = (&viewer.granted_here, viewer.roles_here.iter().any(|role| self.roles.contains(role)));
        if (role && granted.leaves(self.right)) || granted.holds(self.right, self.roles) {
            return Some(Bounds::Whole);
        }
        let classes = if self.by_class { granted.classes_of(self.right, self.roles) } else { Vec::new() };
        (!classes.is_empty()).then(|| Bounds::Classes(classes.into()))
    }
}

/// A task with what waits of it.
#[derive(Clone)]
pub struct Waits {
    /// The task.
    pub task: Task,
    /// How much waits.
    pub waiting: Waiting,
}

/// What waits of these tasks, the most pressing first: what is late, what has a day, and the rest as it presses. All are asked at once.
///
/// # Errors
/// The database's.
pub async fn look(tx: &Tx, school: SchoolId, today: Date, now: Timestamp, tasks: Vec<(Task, Bounds)>) -> Result<Vec<Waits>> {
    let asked = tasks.into_iter().map(async |(task, bounds)| {
        let waiting = match (task.look, &bounds) {
            (Look::Day(query), _) => query.one(tx, (school, today)).await?,
            (Look::Moment(query), _) => query.one(tx, (school, now)).await?,
            (Look::Classes(query), bounds) => query.one(tx, (school, today, bounds.classes())).await?,
            (Look::OwnClasses(query), Bounds::Classes(classes)) => query.one(tx, (school, today, classes.to_vec())).await?,
            (Look::OwnClasses(_), Bounds::Whole) => Waiting { count: 0, late: 0, due: None },
        };
        Ok::<_, kernel::Error>(Waits { task, waiting })
    });
    let mut waits = try_join_all(asked).await?;
    waits.retain(|one| one.waiting.count > 0);
    waits.sort_by_key(|one| (Reverse(one.waiting.late > 0), one.waiting.due.unwrap_or(Date::MAX), one.task.urgency));
    Ok(waits)
}

#[cfg(test)]
mod tests {
    use kernel::right::Granted;

    use super::*;

    kernel::rights! {
        /// Of lists that can be cut by class.
        Edit = "people.edit_families" by class: [Director],
        /// Of what cannot.
        Manage = "identity.manage_accounts": [Director],
    }

    const NOTHING: OnDay = OnDay::new("x.y", "");

    #[test]
    fn a_task_concerns_who_holds_its_right_and_within_their_classes() {
        let class = kernel::id::ClassId(kernel::id::Uuid::from_u128(1));
        let (edit, manage) = (Task::of::<Edit>("/{school}/pupils", "x", Urgency::Soon, Look::Day(&NOTHING)), Task::of::<Manage>("/{school}/accounts", "x", Urgency::Soon, Look::Day(&NOTHING)));
        let director = Viewer { roles_here: vec![Role::Director], ..Viewer::default() };
        assert_eq!((edit.concerns(&director), manage.concerns(&director)), (Some(Bounds::Whole), Some(Bounds::Whole)));
        let switched_off = Viewer { granted_here: Granted::default().without(["identity.manage_accounts".to_owned()]), ..director };
        assert_eq!(manage.concerns(&switched_off), None);
        let of_a_class = Granted::default().within([("people.edit_families".to_owned(), [class].into()), ("identity.manage_accounts".to_owned(), [class].into())]);
        let helper = Viewer { granted_here: of_a_class, ..Viewer::default() };
        assert_eq!((edit.concerns(&helper), manage.concerns(&helper)), (Some(Bounds::Classes([class].into())), None));
        assert_eq!(edit.concerns(&Viewer { roles_here: vec![Role::Nurse], ..Viewer::default() }), None);
    }
}
