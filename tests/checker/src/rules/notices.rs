//! The right people are told, and only they: notices, deliveries, switches, and what the provider got.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Allowance, each, tally};
use crate::{
    provider::Provider,
    report::Finding,
    stored::{Delivery, Notice, Stored},
};

/// What a notice tells of: school, recipient, child, kind, when, whether late.
type Told<'a> = (Uuid, Uuid, Uuid, &'a str, i64, bool);

/// All rules that need only the database.
pub fn check(stored: &Stored) -> Vec<Finding> {
    let mut deliveries: HashMap<Uuid, Vec<&Delivery>> = HashMap::new();
    for delivery in &stored.deliveries {
        deliveries.entry(delivery.notice).or_default().push(delivery);
    }
    let mut findings = told_what_happened(stored);
    findings.push(delivery_for_each_notice(stored, &deliveries));
    findings.push(each("delivery_settled", stored.deliveries.iter(), |it| it.outcome.is_some(), |it| format!("{it:?} is open")));
    findings.push(switches_are_obeyed(stored, &deliveries));
    findings.push(late_wakes_nobody(stored, &deliveries));
    findings
}

/// Each guardian has one notice for each pass and meal, and none without.
fn told_what_happened(stored: &Stored) -> Vec<Finding> {
    let mut owed: HashMap<Told<'_>, usize> = HashMap::new();
    for effect in &stored.effects {
        for guardian in stored.guardians.get(&(effect.school, effect.person)).into_iter().flatten() {
            *owed.entry((effect.school, *guardian, effect.person, effect.notice_kind(), effect.occurred_us, effect.late)).or_default() += 1;
        }
    }
    let told = tally(stored.notices.values().flatten().map(told));
    let missing = each(
        "notice_for_each_guardian",
        owed.iter(),
        |(what, times)| told.get(*what).copied().unwrap_or(0) >= **times,
        |(what, times)| format!("{what:?} happened {times} times and was told {} times", told.get(*what).copied().unwrap_or(0)),
    );
    let invented = each(
        "notice_has_its_cause",
        told.iter(),
        |(what, times)| owed.get(*what).copied().unwrap_or(0) >= **times,
        |(what, times)| format!("{what:?} was told {times} times and happened {} times", owed.get(*what).copied().unwrap_or(0)),
    );
    vec![missing, invented]
}

fn told(notice: &Notice) -> Told<'_> {
    (notice.school, notice.recipient, notice.child, &notice.kind, notice.occurred_us, notice.late)
}

fn delivery_for_each_notice(stored: &Stored, deliveries: &HashMap<Uuid, Vec<&Delivery>>) -> Finding {
    each(
        "delivery_for_each_notice",
        stored.notices.iter(),
        |(id, notices)| notices.len() == 1 && deliveries.contains_key(*id),
        |(id, notices)| format!("notice {id} ({} rows) has {} deliveries", notices.len(), deliveries.get(*id).map_or(0, Vec::len)),
    )
}

/// A switch and a notice within this time may have been two transactions that did not see each other.
const SAME_MOMENT_US: i64 = 1_000_000;

/// Whether the recipient had switched this push off when the notice was made.
fn is_switched_off(stored: &Stored, notice: &Notice) -> bool {
    let wish = (notice.recipient, notice.child, notice.kind.clone());
    stored.switched_off.get(&wish).is_some_and(|changed_us| *changed_us + SAME_MOMENT_US <= notice.created_us)
}

fn switches_are_obeyed(stored: &Stored, deliveries: &HashMap<Uuid, Vec<&Delivery>>) -> Finding {
    quiet(
        "switches_are_obeyed",
        stored.notices.iter().filter(|(_, notices)| notices.iter().any(|notice| is_switched_off(stored, notice))),
        deliveries,
        &["switched_off", "late"],
    )
}

fn late_wakes_nobody(stored: &Stored, deliveries: &HashMap<Uuid, Vec<&Delivery>>) -> Finding {
    quiet("late_wakes_nobody", stored.notices.iter().filter(|(_, notices)| notices.iter().any(|notice| notice.late)), deliveries, &["late"])
}

/// All deliveries of these notices ended with one of the outcomes.
fn quiet<'a>(
    rule: &'static str,
    notices: impl Iterator<Item = (&'a Uuid, &'a Vec<Notice>)>,
    deliveries: &HashMap<Uuid, Vec<&Delivery>>,
    outcomes: &[&str],
) -> Finding {
    let of = |id: &Uuid| deliveries.get(id).map_or(&[][..], Vec::as_slice);
    let is_quiet = |delivery: &&Delivery| delivery.outcome.as_deref().is_some_and(|outcome| outcomes.contains(&outcome));
    each(rule, notices, |(id, _)| of(id).iter().all(is_quiet), |(id, notices)| format!("{id} {notices:?}: {:?}", of(id)))
}

/// All rules that need the provider's log.
pub fn check_provider(stored: &Stored, provider: &Provider, allowance: Allowance) -> Vec<Finding> {
    let accepted: HashSet<(Uuid, &str)> = provider.accepted.iter().filter_map(|it| Some((it.notice?, it.token.as_str()))).collect();
    let owners: HashMap<&str, Uuid> = stored.phones.values().map(|(person, token)| (token.as_str(), *person)).collect();
    let sent = stored.deliveries.iter().filter(|delivery| delivery.outcome.as_deref() == Some("sent"));
    let token_of = |delivery: &Delivery| stored.phones.get(&delivery.token).map_or("", |(_, token)| token);
    let sent_was_accepted = each(
        "sent_was_accepted",
        sent,
        |delivery| accepted.contains(&(delivery.notice, token_of(delivery))),
        |delivery| format!("{delivery:?} is called sent and the provider never accepted it"),
    );
    let mut was_for_its_owner = Finding::new("accepted_was_for_its_recipient");
    let mut was_wanted = Finding::new("accepted_was_wanted");
    for it in &provider.accepted {
        let notice = it.notice.and_then(|id| stored.notices.get(&id)).and_then(|notices| notices.first());
        let owner = owners.get(it.token.as_str());
        was_for_its_owner.check(notice.is_some_and(|notice| Some(&notice.recipient) == owner), || format!("{it:?}: notice {notice:?}, phone of {owner:?}"));
        let unwanted = notice.is_some_and(|notice| notice.late || is_switched_off(stored, notice));
        was_wanted.check(!unwanted, || format!("{it:?}: {notice:?}"));
    }
    let mut bounded = Finding::new("provider_duplicates_are_bounded");
    let duplicates = duplicates(provider);
    bounded.check(duplicates <= allowance.duplicates_at_most, || format!("{duplicates} duplicates, {} allowed", allowance.duplicates_at_most));
    vec![sent_was_accepted, was_for_its_owner, was_wanted, bounded]
}

/// How often the provider accepted the same notice for the same phone again.
pub fn duplicates(provider: &Provider) -> usize {
    let times = tally(provider.accepted.iter().map(|it| (it.notice, it.token.as_str())));
    times.values().map(|times| times - 1).sum()
}
