//! A small world in which every rule holds, and each way to break one.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    ledger::Ledger,
    provider::Provider,
    rules::{Allowance, Ending, Others, check},
    stored::{Delivery, Effect, Event, Notice, Presence, Stored, What},
};

struct World {
    ledger: Ledger,
    stored: Stored,
    provider: Provider,
    allowance: Allowance,
}

const SCHOOL: Uuid = Uuid::from_u128(1);
const DEVICE: Uuid = Uuid::from_u128(2);
const PUPIL: Uuid = Uuid::from_u128(3);
const MOTHER: Uuid = Uuid::from_u128(4);
const PHONE: Uuid = Uuid::from_u128(5);
const FIRST_NOTICE: u128 = 100;

const LEDGER: &str = r#"
{"t":"event","device":"t1","school":"s1","store":"k1","seq":1,"kind":"pass","expect":"row","card":"04A1B2C3","direction":"in","at_ms":1000,"occurred_ms":1000,"scheduled_ms":1000,"clock":"right","fresh":true}
{"t":"event","device":"t1","school":"s1","store":"k1","seq":2,"kind":"meal","expect":"row","card":"04A1B2C3","item":"Plov","price_tiyn":5,"at_ms":2000,"occurred_ms":2000,"scheduled_ms":2000,"clock":"right","fresh":true}
{"t":"event","device":"t1","school":"s1","store":"k1","seq":5,"kind":"pass","expect":"row","card":"04A1B2C3","direction":"out","at_ms":3000,"occurred_ms":3000,"scheduled_ms":3000,"clock":"right","fresh":true}
{"t":"lost","device":"t1","store":"k1","from":3,"to":4,"seq":6}
{"t":"event","device":"t1","school":"s1","store":"k1","seq":6,"kind":"lost","expect":"kept","at_ms":3500,"occurred_ms":3500,"scheduled_ms":3500,"clock":"right","fresh":true}
{"t":"event","device":"t1","school":"s1","store":"k1","seq":7,"kind":"pass","expect":"dead","card":"ZZ1","direction":"out","at_ms":4000,"occurred_ms":4000,"scheduled_ms":4000,"clock":"right","fresh":true}
{"t":"event","device":"t1","school":"s1","store":"k1","seq":8,"kind":"pass","expect":"row","card":"04A1B2C3","direction":"in","at_ms":5000,"occurred_ms":5000,"scheduled_ms":5000,"clock":"right","fresh":true}
{"t":"wiped","device":"t1","store":"k1","seqs":[8],"at_ms":6000}
{"t":"mischief","what":"wrong_school","device":"t1","store":"x9","seq":1,"at_ms":6000}
{"t":"acked","device":"t1","store":"k1","upto":2,"have":[[5,5]],"at_ms":5000}
{"t":"acked","device":"t1","store":"k1","upto":7,"have":[],"at_ms":5500}
{"t":"summary","created":6}"#;

fn world() -> World {
    let mut ledger = Ledger::default();
    LEDGER.trim().lines().for_each(|line| ledger.add(line).unwrap());
    let key = |seq: i64| ledger.events.keys().find(|key| key.seq == seq).unwrap().clone();
    let mut stored = Stored::default();
    let effect = |seq, what| Effect { key: key(seq), device: DEVICE, school: SCHOOL, person: PUPIL, occurred_us: ledger.events[&key(seq)].occurred_ms * 1_000, late: false, what };
    stored.effects = vec![effect(1, What::Pass("in".into())), effect(2, What::Meal("Plov".into(), 5)), effect(5, What::Pass("out".into()))];
    for seq in [1, 2, 5, 6, 7] {
        let made = &ledger.events[&key(seq)];
        stored.events.push(Event { key: key(seq), kind: made.kind.clone(), at_us: made.at_ms * 1_000, occurred_us: made.occurred_ms * 1_000 });
    }
    stored.letters.insert(key(7), vec!["unknown_card".into()]);
    stored.presence.insert((SCHOOL, PUPIL), Presence { direction: "out".into(), since_us: 3_000_000, pass: (DEVICE, "k1".into(), 5) });
    stored.cards.insert(("s1".into(), "04A1B2C3".into()), [PUPIL].into());
    stored.guardians.insert((SCHOOL, PUPIL), vec![MOTHER]);
    stored.phones.insert(PHONE, (MOTHER, "phone-1".into()));
    stored.switched_off.insert((MOTHER, PUPIL, "meal".into()), -5_000_000);
    let mut provider = Provider::default();
    for (id, effect) in (FIRST_NOTICE..).map(Uuid::from_u128).zip(&stored.effects) {
        let kind = effect.notice_kind();
        let notice = Notice { school: SCHOOL, recipient: MOTHER, child: PUPIL, kind: kind.into(), occurred_us: effect.occurred_us, created_us: effect.occurred_us + 9, late: false };
        stored.notices.insert(id, vec![notice]);
        let (token, outcome) = if kind == "meal" { (Uuid::nil(), "switched_off") } else { (PHONE, "sent") };
        stored.deliveries.push(Delivery { notice: id, token, outcome: Some(outcome.into()) });
        if kind != "meal" {
            provider.add(&format!(r#"{{"kind":"send","at":1,"n":1,"notice":"{id}","token":"phone-1","outcome":"accepted"}}"#)).unwrap();
        }
    }
    provider.add(r#"{"kind":"send","at":1,"n":1,"outcome":"quota"}"#).unwrap();
    let allowance = Allowance { duplicates_at_most: 0, others: Others::Invented, ending: Ending::Complete };
    World { ledger, stored, provider, allowance }
}

fn broken(world: &World) -> BTreeSet<&'static str> {
    let report = check(&world.ledger, &world.stored, Some(&world.provider), world.allowance);
    report.findings.iter().filter(|finding| finding.broken > 0).map(|finding| finding.rule).collect()
}

#[test]
fn a_good_world_breaks_no_rule() {
    let world = world();
    let report = check(&world.ledger, &world.stored, Some(&world.provider), world.allowance);
    assert!(report.holds, "{}", report.text());
    assert_eq!((report.counts.made, report.counts.acknowledged, report.counts.wiped, report.counts.accepted), (6, 5, 1, 2));
}

#[test]
fn a_wiped_event_may_be_stored_all_the_same() {
    let mut world = world();
    let key = world.ledger.wiped.iter().next().unwrap().clone();
    world.stored.events.push(Event { key: key.clone(), kind: "pass".into(), at_us: 5_000_000, occurred_us: 5_000_000 });
    assert_eq!(broken(&world), ["effect_once"].into());
}

/// A way to spoil the world, and all the rules that must notice.
type Case = (&'static str, fn(&mut World), &'static [&'static str]);

const CASES: &[Case] = &[
    ("an acknowledged event is gone", |w| { w.stored.events.retain(|event| event.key.seq != 6); }, &["acknowledged_is_stored"]),
    ("an event is stored twice", |w| { let event = w.stored.events[0].clone(); w.stored.events.push(event); }, &["stored_once"]),
    ("an effect is doubled", |w| { let effect = w.stored.effects[0].clone(); w.stored.effects.push(effect); }, &["effect_once", "notice_for_each_guardian"]),
    ("an effect is missing", |w| { w.stored.effects.remove(1); }, &["effect_once", "notice_has_its_cause"]),
    ("an unknown card has an effect", |w| {
        let mut effect = w.stored.effects[1].clone();
        effect.key.seq = 7;
        effect.person = MOTHER;
        w.stored.effects.push(effect);
    }, &["effect_once", "same_effect"]),
    ("a time is changed", |w| w.stored.events[0].occurred_us += 1, &["same_content"]),
    ("a price is changed", |w| w.stored.effects[1].what = What::Meal("Plov".into(), 6), &["same_effect"]),
    ("another person's card", |w| { w.stored.cards.values_mut().for_each(|holders| *holders = [MOTHER].into()); }, &["same_effect"]),
    ("no dead letter", |w| w.stored.letters.clear(), &["refused_has_its_letter"]),
    ("a stray is stored", |w| {
        let mut event = w.stored.events[0].clone();
        event.key.store = w.ledger.strays.iter().next().unwrap().clone();
        w.stored.events.push(event);
        w.allowance.others = Others::OtherRuns;
    }, &["nothing_invented"]),
    ("a number beyond all is acknowledged", |w| { w.ledger.add(r#"{"t":"acked","device":"t1","store":"k1","upto":9,"have":[],"at_ms":1}"#).unwrap(); },
        &["acknowledged_was_made", "acknowledged_is_stored"]),
    ("an event is still the terminal's", |w| w.ledger.wiped.clear(), &["everything_acknowledged"]),
    ("presence is behind", |w| w.stored.presence.values_mut().for_each(|it| it.direction = "in".into()), &["presence_is_last"]),
    ("presence is missing", |w| w.stored.presence.clear(), &["presence_is_last"]),
    ("a guardian was not told", |w| { w.stored.guardians.values_mut().for_each(|all| all.push(Uuid::from_u128(44))); }, &["notice_for_each_guardian"]),
    ("nothing is delivered", |w| w.stored.deliveries.clear(), &["delivery_for_each_notice"]),
    ("a delivery hangs", |w| w.stored.deliveries[0].outcome = None, &["delivery_settled"]),
    ("a switch is ignored", |w| { w.stored.switched_off.insert((MOTHER, PUPIL, "entered".into()), -5_000_000); }, &["switches_are_obeyed", "accepted_was_wanted"]),
    ("a late one wakes", |w| {
        w.stored.effects[0].late = true;
        w.stored.notices.get_mut(&Uuid::from_u128(FIRST_NOTICE)).unwrap()[0].late = true;
    }, &["late_wakes_nobody", "accepted_was_wanted"]),
    ("nobody accepted what was sent", |w| { w.provider.accepted.remove(0); }, &["sent_was_accepted"]),
    ("a stranger's phone", |w| w.provider.accepted[0].token = "phone-2".into(), &["sent_was_accepted", "accepted_was_for_its_recipient"]),
    ("the provider got it twice", |w| { let it = w.provider.accepted[0].clone(); w.provider.accepted.push(it); }, &["provider_duplicates_are_bounded"]),
];

#[test]
fn every_rule_notices_what_it_is_for() {
    for (what, spoil, rules) in CASES {
        let mut world = world();
        spoil(&mut world);
        assert_eq!(broken(&world), rules.iter().copied().collect(), "{what}");
    }
    let report = check(&world().ledger, &world().stored, Some(&world().provider), world().allowance);
    let tested: BTreeSet<_> = CASES.iter().flat_map(|(_, _, rules)| rules.iter().copied()).collect();
    assert_eq!(tested, report.findings.iter().map(|finding| finding.rule).collect(), "a rule without a case");
}

#[test]
fn a_switch_changed_later_is_no_offence() {
    let mut world = world();
    world.stored.switched_off.insert((MOTHER, PUPIL, "entered".into()), 500);
    assert_eq!(broken(&world), BTreeSet::new());
}
