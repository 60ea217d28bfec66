//! When something happens, and to whom: the schedule (open loop: times do not wait for the hub) and the crowd, which goes in
//! before it goes out and eats in between.

use std::time::Duration;

use crate::{
    chance::Chance,
    town::{Direction, Kind, Town},
};

/// When things happen, in microseconds from the start.
#[derive(Debug, Clone)]
pub enum Schedule {
    /// Independently, at a rate per second.
    Poisson {
        /// Events per second over all schools.
        rate: f64,
        /// The time reached so far.
        at_us: u64,
    },
    /// A bell over a while: the morning at the door. Latest first.
    Peak {
        /// Times still to come, in descending order.
        times_us: Vec<u64>,
    },
    /// As fast as the windows of the terminals allow.
    Flood,
}

/// What the schedule says of the next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Then.
    At(u64),
    /// As soon as there is room.
    WhenThereIsRoom,
    /// No more.
    Never,
}

impl Schedule {
    /// Independent arrivals.
    pub fn poisson(rate: f64) -> Self {
        Self::Poisson { rate, at_us: 0 }
    }

    /// A morning peak of so many events within so many seconds.
    pub fn peak(count: u64, seconds: f64, chance: &mut Chance) -> Self {
        let mut times_us: Vec<u64> = (0..count).map(|_| micros((0.5 + chance.bell() / 6.0).clamp(0.0, 1.0) * seconds)).collect();
        times_us.sort_unstable_by(|a, b| b.cmp(a));
        Self::Peak { times_us }
    }

    /// The next time; `weight` speeds up or slows down a Poisson stream.
    pub fn next(&mut self, weight: f64, chance: &mut Chance) -> Next {
        match self {
            Self::Poisson { rate, at_us } => {
                let rate = *rate * weight;
                if rate <= 0.0 {
                    return Next::Never;
                }
                *at_us += micros(chance.exponential(1.0 / rate));
                Next::At(*at_us)
            }
            Self::Peak { times_us } => times_us.pop().map_or(Next::Never, Next::At),
            Self::Flood => Next::WhenThereIsRoom,
        }
    }
}

fn micros(seconds: f64) -> u64 {
    Duration::try_from_secs_f64(seconds).ok().and_then(|d| u64::try_from(d.as_micros()).ok()).unwrap_or(0)
}

/// How busy a school day is at that local hour, and which way people lean: for the demo.
pub fn hour_of_day(hour: i64) -> (f64, Lean) {
    match hour {
        7 | 8 => (1.8, Lean::In),
        9..=11 => (1.0, Lean::In),
        12 | 13 => (1.4, Lean::Even),
        14..=17 => (1.2, Lean::Out),
        18..=21 => (0.7, Lean::Out),
        _ => (0.5, Lean::Even),
    }
}

/// Which way the crowd leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// Most go in.
    In,
    /// Anybody does anything.
    Even,
    /// Most go out.
    Out,
}

/// Something that happens at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Which terminal, counted over the whole town.
    pub terminal: usize,
    /// Which school of the town.
    pub school: usize,
    /// Which card of the school.
    pub card: usize,
    /// What the holder does.
    pub deed: Deed,
    /// When it was to happen.
    pub scheduled_us: i64,
}

/// What a card's holder does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Goes through a door.
    Pass(Direction),
    /// Eats that dish of the school.
    Meal(usize),
}

/// The terminals of one school by what they can do.
#[derive(Debug, Default)]
struct Doors {
    into: Vec<usize>,
    out: Vec<usize>,
    tills: Vec<usize>,
    dishes: usize,
}

/// One card's holder.
#[derive(Debug, Clone, Copy)]
struct Holder {
    school: usize,
    card: usize,
    inside: bool,
}

/// Everybody with a card.
#[derive(Debug)]
pub struct Crowd {
    holders: Vec<Holder>,
    doors: Vec<Doors>,
    meals_percent: f64,
}

impl Crowd {
    /// All card holders of a town, still at home.
    pub fn of(town: &Town, meals_percent: f64) -> Self {
        let (mut holders, mut doors, mut terminal) = (Vec::new(), Vec::new(), 0);
        for (school, it) in town.schools.iter().enumerate() {
            holders.extend((0..it.cards.len()).map(|card| Holder { school, card, inside: false }));
            let mut here = Doors { dishes: it.dishes.len(), ..Doors::default() };
            for device in &it.devices {
                match (device.kind, device.direction) {
                    (Kind::Till, _) => here.tills.push(terminal),
                    (Kind::Turnstile, Some(Direction::In)) => here.into.push(terminal),
                    (Kind::Turnstile, Some(Direction::Out)) => here.out.push(terminal),
                    (Kind::Turnstile, None) => {
                        here.into.push(terminal);
                        here.out.push(terminal);
                    }
                }
                terminal += 1;
            }
            doors.push(here);
        }
        Self { holders, doors, meals_percent }
    }

    /// Somebody does something plausible. `None` where the school has no terminal for it.
    pub fn act(&mut self, scheduled_us: i64, lean: Lean, chance: &mut Chance) -> Option<Arrival> {
        let who = self.somebody(lean, chance)?;
        let holder = self.holders.get_mut(who)?;
        let doors = self.doors.get(holder.school)?;
        let eats = chance.percent(self.meals_percent) && (holder.inside || doors.into.is_empty());
        let (deed, terminals) = if (eats && doors.dishes > 0 && !doors.tills.is_empty()) || doors.into.is_empty() {
            let dishes = u64::try_from(doors.dishes).unwrap_or(0);
            (Deed::Meal(usize::try_from(chance.below(dishes)).unwrap_or(0)), &doors.tills)
        } else if holder.inside && !doors.out.is_empty() {
            (Deed::Pass(Direction::Out), &doors.out)
        } else {
            (Deed::Pass(Direction::In), &doors.into)
        };
        if let Deed::Pass(direction) = deed {
            holder.inside = direction == Direction::In;
        }
        let terminal = *chance.pick(terminals)?;
        Some(Arrival { terminal, school: holder.school, card: holder.card, deed, scheduled_us })
    }

    /// A holder; leaning crowds look a few times for one who can still go their way.
    fn somebody(&self, lean: Lean, chance: &mut Chance) -> Option<usize> {
        let all = u64::try_from(self.holders.len()).ok()?;
        let mut who = usize::try_from(chance.below(all)).ok()?;
        for _ in 0..3 {
            let inside = self.holders.get(who)?.inside;
            if lean == Lean::Even || inside == (lean == Lean::Out) {
                break;
            }
            who = usize::try_from(chance.below(all)).ok()?;
        }
        Some(who)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn town() -> Town {
        let text = r#"{"broker":{"host":"h","port":1},"schools":[{"code":"s1","devices":[
            {"code":"a","password":"","kind":"turnstile","direction":"in"},{"code":"b","password":"","kind":"turnstile","direction":"out"},
            {"code":"c","password":"","kind":"till"}],"cards":["0001","0002","0003"],"dishes":[{"item":"Plov","price_tiyn":1}]}]}"#;
        Town::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_holder_enters_before_leaving_and_eats_inside() {
        let (mut crowd, mut chance) = (Crowd::of(&town(), 30.0), Chance::new(3, 0));
        let (mut inside, mut meals) = (HashMap::new(), 0);
        for n in 0..2_000 {
            let arrival = crowd.act(n, Lean::Even, &mut chance).unwrap();
            let was = inside.get(&arrival.card).copied().unwrap_or(false);
            match arrival.deed {
                Deed::Pass(direction) => {
                    assert_eq!((direction == Direction::Out, arrival.terminal), (was, usize::from(was)));
                    inside.insert(arrival.card, !was);
                }
                Deed::Meal(_) => { assert!(was && arrival.terminal == 2); meals += 1; }
            }
        }
        assert!((200..600).contains(&meals), "{meals}");
    }

    #[test]
    fn a_poisson_stream_has_its_rate_and_a_peak_its_bell() {
        let mut chance = Chance::new(5, 0);
        let mut poisson = Schedule::poisson(1_000.0);
        let mut last = 0;
        for _ in 0..10_000 {
            let Next::At(at) = poisson.next(1.0, &mut chance) else { panic!() };
            assert!(at >= last);
            last = at;
        }
        assert!((9_500_000..10_500_000).contains(&last), "{last}");

        let mut peak = Schedule::peak(10_000, 60.0, &mut chance);
        let mut middle = 0;
        let mut last = 0;
        while let Next::At(at) = peak.next(1.0, &mut chance) {
            assert!(at >= last && at <= 60_000_000);
            last = at;
            middle += u32::from((20_000_000..40_000_000).contains(&at));
        }
        assert!((6_500..7_200).contains(&middle), "{middle}");
    }
}
