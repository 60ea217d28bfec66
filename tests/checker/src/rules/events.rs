//! Nothing is lost, doubled, changed or invented; presence is where the last pass leads.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Allowance, Ending, Others, each, tally};
use crate::{
    ledger::{Expect, Key, Ledger, Made},
    report::Finding,
    stored::{Effect, Event, Presence, Stored, What},
};

/// All rules about events and their effects.
pub fn check(ledger: &Ledger, stored: &Stored, allowance: Allowance) -> Vec<Finding> {
    let events: HashMap<&Key, &Event> = stored.events.iter().map(|event| (&event.key, event)).collect();
    let mut effects: HashMap<&Key, Vec<&Effect>> = HashMap::new();
    for effect in &stored.effects {
        effects.entry(&effect.key).or_default().push(effect);
    }
    let mut findings = vec![
        acknowledged_is_stored(ledger, stored, &events),
        acknowledged_was_made(ledger),
        stored_once(stored),
        effect_once(ledger, &events, &effects),
        same_content(ledger, &events),
        same_effect(ledger, stored),
        refused_has_its_letter(ledger, stored, &events),
        nothing_invented(ledger, stored, allowance.others),
        presence_is_last(stored),
    ];
    if allowance.ending == Ending::Complete {
        findings.push(each("everything_acknowledged", open(ledger), |_| false, |key| format!("{key} was made and is still the terminal's")));
    }
    findings
}

/// Events neither acknowledged nor wiped.
pub fn open(ledger: &Ledger) -> impl Iterator<Item = &Key> {
    ledger.events.keys().filter(|key| !ledger.wiped.contains(*key) && !ledger.is_acknowledged(key))
}

fn acknowledged_is_stored(ledger: &Ledger, stored: &Stored, events: &HashMap<&Key, &Event>) -> Finding {
    each(
        "acknowledged_is_stored",
        ledger.events.iter().filter(|(key, _)| ledger.is_acknowledged(key)),
        |(key, made)| events.contains_key(key) || (made.expect == Expect::Dead && stored.letters.contains_key(key)),
        |(key, made)| format!("{key} ({}) was acknowledged and is nowhere", made.kind),
    )
}

fn acknowledged_was_made(ledger: &Ledger) -> Finding {
    let mut made: HashMap<(&str, &str), HashSet<i64>> = HashMap::new();
    for key in ledger.events.keys() {
        made.entry((&key.device, &key.store)).or_default().insert(key.seq);
    }
    let mut finding = Finding::new("acknowledged_was_made");
    let none = HashSet::new();
    for ((device, store), acknowledged) in &ledger.acknowledged {
        let made = made.get(&(&**device, &**store)).unwrap_or(&none);
        let lost = ledger.lost.get(&(device.clone(), store.clone())).map_or(&[][..], Vec::as_slice);
        let most = acknowledged.most().min(made.iter().max().copied().unwrap_or(0).saturating_add(1));
        for seq in (1..=most).filter(|seq| acknowledged.covers(*seq)) {
            let known = made.contains(&seq) || lost.iter().any(|&(from, to)| from <= seq && seq <= to);
            finding.check(known, || format!("{device}/{store}/{seq} was acknowledged and never made"));
        }
    }
    finding
}

fn stored_once(stored: &Stored) -> Finding {
    let times = tally(stored.events.iter().map(|event| &event.key));
    each("stored_once", times.into_iter(), |(_, times)| *times == 1, |(key, times)| format!("{key} is stored {times} times"))
}

fn effect_once(ledger: &Ledger, events: &HashMap<&Key, &Event>, effects: &HashMap<&Key, Vec<&Effect>>) -> Finding {
    let owed = |made: &Made| usize::from(made.expect == Expect::Row);
    each(
        "effect_once",
        ledger.events.iter().filter(|(key, _)| events.contains_key(key) || effects.contains_key(key)),
        |(key, made)| effects.get(key).map_or(0, Vec::len) == owed(made),
        |(key, made)| format!("{key} ({}) has {} rows of pass and meal, not {}", made.kind, effects.get(key).map_or(0, Vec::len), owed(made)),
    )
}

fn same_content(ledger: &Ledger, events: &HashMap<&Key, &Event>) -> Finding {
    each(
        "same_content",
        events.values().filter_map(|event| ledger.events.get(&event.key).map(|made| (event, made))),
        |(event, made)| (event.kind.as_str(), event.at_us, event.occurred_us) == (made.kind.as_str(), made.at_ms * 1_000, made.occurred_ms * 1_000),
        |(event, made)| format!("{}: stored {event:?}, made {made:?}", event.key),
    )
}

fn same_effect(ledger: &Ledger, stored: &Stored) -> Finding {
    each(
        "same_effect",
        stored.effects.iter().filter_map(|effect| ledger.events.get(&effect.key).map(|made| (effect, made))),
        |(effect, made)| is_same(effect, made, stored),
        |(effect, made)| format!("{}: stored {effect:?}, made {made:?}", effect.key),
    )
}

fn is_same(effect: &Effect, made: &Made, stored: &Stored) -> bool {
    let card = made.card.clone().unwrap_or_default();
    let holder = stored.cards.get(&(made.school.clone(), card)).is_some_and(|holders| holders.contains(&effect.person));
    let what = match &effect.what {
        What::Pass(direction) => made.kind == "pass" && made.direction.as_deref() == Some(direction),
        What::Meal(item, price) => made.kind == "meal" && made.item.as_deref() == Some(item) && made.price_tiyn == Some(*price),
    };
    holder && what && effect.occurred_us == made.occurred_ms * 1_000
}

fn refused_has_its_letter(ledger: &Ledger, stored: &Stored, events: &HashMap<&Key, &Event>) -> Finding {
    each(
        "refused_has_its_letter",
        ledger.events.iter().filter(|(key, made)| made.expect == Expect::Dead && (events.contains_key(key) || ledger.is_acknowledged(key))),
        |(key, _)| stored.letters.contains_key(key),
        |(key, made)| format!("{key} ({made:?}) has no dead letter"),
    )
}

fn nothing_invented(ledger: &Ledger, stored: &Stored, others: Others) -> Finding {
    let devices = ledger.devices();
    let stores: HashSet<&str> = ledger.events.keys().map(|key| &*key.store).collect();
    let keys = stored.events.iter().map(|event| &event.key).chain(stored.effects.iter().map(|effect| &effect.key));
    let ours = keys.filter(|key| devices.contains(&key.device) || ledger.strays.contains(&key.store));
    let foreign = |key: &Key| others == Others::OtherRuns && !stores.contains(&*key.store) && !ledger.strays.contains(&key.store);
    each("nothing_invented", ours, |key| ledger.events.contains_key(*key) || foreign(key), |key| format!("{key} is stored and was never made"))
}

/// A pass as presence orders them: when, and by which pass.
type Place<'a> = (i64, (Uuid, &'a str, i64));

fn presence_is_last(stored: &Stored) -> Finding {
    let mut last: HashMap<(Uuid, Uuid), (Place<'_>, &str)> = HashMap::new();
    for effect in &stored.effects {
        let What::Pass(direction) = &effect.what else { continue };
        let place = (effect.occurred_us, (effect.device, &*effect.key.store, effect.key.seq));
        let entry = last.entry((effect.school, effect.person)).or_insert((place, direction));
        if entry.0 < place {
            *entry = (place, direction);
        }
    }
    let mut finding = Finding::new("presence_is_last");
    for (who, (place, direction)) in &last {
        let presence = stored.presence.get(who);
        finding.check(presence.is_some_and(|it| leads(it, place, direction)), || format!("{who:?}: presence {presence:?}, last pass {place:?} {direction}"));
    }
    for who in stored.presence.keys().filter(|who| !last.contains_key(who)) {
        finding.check(false, || format!("{who:?} has a presence without any pass"));
    }
    finding
}

fn leads(presence: &Presence, place: &Place<'_>, direction: &str) -> bool {
    let (device, store, seq) = &presence.pass;
    (presence.since_us, (*device, store.as_str(), *seq)) == *place && presence.direction == direction
}
