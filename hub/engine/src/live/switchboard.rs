//! The switchboard: which open pages want which news. News goes to a session by `try_send`; a session that is behind is marked and
//! will fetch a snapshot instead.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use actix::prelude::*;
use delivery::IssuedNotice;
use fleet::Status;
use kernel::id::{AccountId, PersonId, SchoolId};
use safety::Recorded;

use super::Session;

/// For whom a page is open. The handler has checked the right; children and schools are as of then.
#[derive(Debug, Clone)]
pub enum Audience {
    /// A guardian, with their children.
    Guardian {
        /// The guardian.
        guardian: PersonId,
        /// Their children.
        children: HashSet<PersonId>,
    },
    /// Staff of a school.
    School(SchoolId),
    /// Support staff, for all schools.
    Support,
}

/// Who opened a page: by whose rights its socket is open.
#[derive(Debug, Clone, Default)]
pub struct Owner {
    /// The account that is signed in.
    pub account: Option<AccountId>,
    /// The person, and the colleagues in whose place they act.
    pub persons: Vec<PersonId>,
}

/// Whose sockets end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Everybody's: nobody knows what was missed.
    Everybody,
    /// Of whom these persons' rights decide.
    Persons(Vec<PersonId>),
    /// Of these accounts.
    Accounts(Vec<AccountId>),
    /// Of staff who look at these schools.
    Schools(Vec<SchoolId>),
}

/// Something to show.
#[derive(Debug, Clone, Message)]
#[rtype(result = "()")]
pub enum News {
    /// Passes and meals of one school, and how many are inside.
    Recorded(Arc<[Recorded]>, u64),
    /// Notices.
    Noticed(Arc<[IssuedNotice]>),
    /// Devices whose state changed.
    Statuses(Arc<[Status]>),
    /// Nothing any more: what let the socket in may be so no longer.
    Ended,
}

/// Names a session at the switchboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Line(u64);

struct Plugged {
    session: Addr<Session>,
    owner: Owner,
    signals: Arc<Signals>,
}

/// What a session learns at its next breath, however full its mailbox is.
#[derive(Debug, Default)]
pub struct Signals {
    /// News had to be dropped: it sends "snapshot".
    pub missed: AtomicBool,
    /// It ends.
    pub ended: AtomicBool,
}

#[derive(Default)]
struct Lines {
    plugged: HashMap<Line, Plugged>,
    by_guardian: HashMap<PersonId, HashSet<Line>>,
    by_child: HashMap<PersonId, HashSet<Line>>,
    by_school: HashMap<SchoolId, HashSet<Line>>,
    support: HashSet<Line>,
}

/// See the module. Cheap to clone.
#[derive(Clone, Default)]
pub struct Switchboard {
    lines: Arc<RwLock<Lines>>,
    next: Arc<AtomicU64>,
}

impl Switchboard {
    /// Connects a session; it hears news from now on.
    pub fn plug(&self, audience: &Audience, owner: Owner, session: Addr<Session>, signals: Arc<Signals>) -> Line {
        let line = Line(self.next.fetch_add(1, Ordering::Relaxed));
        let Ok(mut lines) = self.lines.write() else { return line };
        lines.plugged.insert(line, Plugged { session, owner, signals });
        match audience {
            Audience::Guardian { guardian, children } => {
                lines.by_guardian.entry(*guardian).or_default().insert(line);
                for child in children {
                    lines.by_child.entry(*child).or_default().insert(line);
                }
            }
            Audience::School(school) => {
                lines.by_school.entry(*school).or_default().insert(line);
            }
            Audience::Support => {
                lines.support.insert(line);
            }
        }
        metrics::gauge!("live_sessions").set(f64::from(u32::try_from(lines.plugged.len()).unwrap_or(u32::MAX)));
        line
    }

    /// Disconnects a session.
    pub fn unplug(&self, line: Line) {
        let Ok(mut guard) = self.lines.write() else { return };
        let lines = &mut *guard;
        lines.plugged.remove(&line);
        lines.support.remove(&line);
        for listeners in [&mut lines.by_guardian, &mut lines.by_child] {
            listeners.retain(|_, lines| {
                lines.remove(&line);
                !lines.is_empty()
            });
        }
        lines.by_school.retain(|_, lines| {
            lines.remove(&line);
            !lines.is_empty()
        });
        metrics::gauge!("live_sessions").set(f64::from(u32::try_from(lines.plugged.len()).unwrap_or(u32::MAX)));
    }

    /// Ends sockets; what their browsers do then is to ask anew, and to be let in or not. Says how many.
    pub fn end(&self, ending: &Ending) -> usize {
        let Ok(lines) = self.lines.read() else { return 0 };
        let of_schools = |schools: &[SchoolId]| schools.iter().filter_map(|school| lines.by_school.get(school)).flatten().copied().collect();
        let owned = |is: &dyn Fn(&Owner) -> bool| lines.plugged.iter().filter(|(_, plugged)| is(&plugged.owner)).map(|(line, _)| *line).collect();
        let ended: HashSet<Line> = match ending {
            Ending::Everybody => lines.plugged.keys().copied().collect(),
            Ending::Schools(schools) => of_schools(schools),
            Ending::Persons(persons) => owned(&|owner| owner.persons.iter().any(|person| persons.contains(person))),
            Ending::Accounts(accounts) => owned(&|owner| owner.account.is_some_and(|account| accounts.contains(&account))),
        };
        for plugged in ended.iter().filter_map(|line| lines.plugged.get(line)) {
            plugged.signals.ended.store(true, Ordering::Relaxed);
        }
        lines.tell(&ended, &News::Ended);
        ended.len()
    }

    /// Whether anyone looks at the devices.
    pub fn support_is_watching(&self) -> bool {
        self.lines.read().is_ok_and(|lines| !lines.support.is_empty())
    }

    /// Passes and meals of a school became durable.
    pub fn recorded(&self, school: SchoolId, recorded: Arc<[Recorded]>, inside: u64) {
        let Ok(lines) = self.lines.read() else { return };
        let staff = lines.by_school.get(&school).into_iter().flatten();
        let guardians = recorded.iter().filter_map(|one| lines.by_child.get(&one.person)).flatten();
        let listeners: HashSet<Line> = staff.chain(guardians).copied().collect();
        lines.tell(&listeners, &News::Recorded(recorded, inside));
    }

    /// Notices were issued.
    pub fn noticed(&self, notices: Vec<IssuedNotice>) {
        let Ok(lines) = self.lines.read() else { return };
        if lines.by_guardian.is_empty() {
            return;
        }
        let listeners: HashSet<Line> = notices.iter().filter_map(|notice| lines.by_guardian.get(&notice.recipient)).flatten().copied().collect();
        if !listeners.is_empty() {
            lines.tell(&listeners, &News::Noticed(Arc::from(notices)));
        }
    }

    /// Devices changed.
    pub fn statuses(&self, statuses: Vec<Status>) {
        let Ok(lines) = self.lines.read() else { return };
        lines.tell(&lines.support, &News::Statuses(Arc::from(statuses)));
    }
}

impl Lines {
    fn tell(&self, listeners: &HashSet<Line>, news: &News) {
        for line in listeners {
            let Some(plugged) = self.plugged.get(line) else { continue };
            if plugged.session.try_send(news.clone()).is_err() {
                plugged.signals.missed.store(true, Ordering::Relaxed);
            }
        }
    }
}
