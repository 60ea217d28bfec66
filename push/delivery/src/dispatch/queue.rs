//! The queue: pushes waiting for their turn, lane by lane, each lane bounded; and the gate before the provider. It lives on the dispatcher's
//! one thread.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    time::Duration,
};

use notice::Lane;
use tokio::{sync::Notify, time::Instant};

use super::lanes::{Gate, PerLane, Turn};
use crate::Push;

/// Pushes waiting for their turn, and the pause that the provider may have asked for.
pub struct Queue {
    waiting: RefCell<PerLane<VecDeque<Push>>>,
    /// For so many in each lane.
    room: usize,
    door: Rc<Door>,
    paused_until: Cell<Option<Instant>>,
}

/// The gate, and the bell that says that a push came or a send is over.
struct Door {
    gate: RefCell<Gate>,
    changed: Notify,
}

/// A send under way, until this is dropped, however it ends.
pub struct Slot {
    door: Rc<Door>,
    lane: Lane,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.door.gate.borrow_mut().leave(self.lane);
        self.door.changed.notify_one();
    }
}

impl Queue {
    /// An empty queue for so many pushes in each lane.
    pub fn new(room: usize, gate: Gate) -> Self {
        Self { waiting: RefCell::default(), room, door: Rc::new(Door { gate: RefCell::new(gate), changed: Notify::new() }), paused_until: Cell::new(None) }
    }

    /// Takes in what there is room for and says how many it dropped.
    pub fn add(&self, pushes: Vec<Push>) -> usize {
        let mut dropped = 0;
        let mut waiting = self.waiting.borrow_mut();
        for push in pushes {
            let lane = waiting.of_mut(push.kind.urgency.lane());
            if lane.len() < self.room { lane.push_back(push) } else { dropped += 1 }
        }
        self.door.changed.notify_one();
        dropped
    }

    /// How many more a lane can take.
    pub fn free(&self, lane: Lane) -> usize {
        self.room.saturating_sub(self.len(lane))
    }

    /// How many wait in a lane.
    pub fn len(&self, lane: Lane) -> usize {
        self.waiting.borrow().of(lane).len()
    }

    /// The next push, when there is one, the provider lets us, and its lane has a place.
    pub async fn next(&self) -> (Push, Slot) {
        loop {
            self.unpaused().await;
            match self.turn() {
                Turn::Send(lane) => {
                    let slot = Slot { door: Rc::clone(&self.door), lane };
                    let push = self.waiting.borrow_mut().of_mut(lane).pop_front();
                    if let Some(push) = push {
                        return (push, slot);
                    }
                }
                Turn::Wait(for_long) => {
                    tokio::select! {
                        () = self.door.changed.notified() => {}
                        () = tokio::time::sleep(for_long) => {}
                    }
                }
                Turn::Rest => self.door.changed.notified().await,
            }
        }
    }

    /// Until no send is under way. Nobody may call [`next`](Self::next) meanwhile.
    pub async fn idle(&self) {
        while self.door.gate.borrow().under_way() > 0 {
            self.door.changed.notified().await;
        }
    }

    /// Everything that waits.
    pub fn drain(&self) -> Vec<Push> {
        let mut waiting = self.waiting.borrow_mut();
        Lane::ALL.into_iter().flat_map(|lane| waiting.of_mut(lane).drain(..).collect::<Vec<_>>()).collect()
    }

    /// Holds everything back for a while; a shorter pause does not shorten a longer one.
    pub fn pause(&self, during: Duration) {
        let until = Instant::now() + during;
        if self.paused_until.get().is_none_or(|paused| paused < until) {
            self.paused_until.set(Some(until));
        }
    }

    /// Whether it is being held back.
    pub fn is_paused(&self) -> bool {
        self.paused_until.get().is_some_and(|until| Instant::now() < until)
    }

    fn turn(&self) -> Turn {
        let waiting = self.waiting.borrow();
        self.door.gate.borrow_mut().next(|lane| !waiting.of(lane).is_empty(), Instant::now())
    }

    async fn unpaused(&self) {
        while let Some(until) = self.paused_until.get().filter(|until| Instant::now() < *until) {
            tokio::time::sleep_until(until).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data::push;

    fn queue(room: usize, slots: u32) -> Queue {
        Queue::new(room, Gate::new(slots, 1_000, Instant::now()))
    }

    fn meal() -> Push {
        Push { kind: &notice::MEAL, ..push() }
    }

    #[tokio::test]
    async fn what_does_not_fit_in_its_lane_is_dropped_and_counted() {
        let queue = queue(3, 8);
        assert_eq!(queue.add(vec![push(), push()]), 0);
        assert_eq!(queue.add(vec![push(), push(), push()]), 2);
        assert_eq!(queue.add(vec![meal()]), 0, "another lane has room of its own");
        assert_eq!((queue.len(Lane::Urgent), queue.free(Lane::Urgent), queue.free(Lane::Normal)), (3, 0, 2));
        assert_eq!(queue.drain().len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everything_back() {
        let queue = queue(3, 8);
        queue.add(vec![push()]);
        queue.pause(Duration::from_secs(30));
        queue.pause(Duration::from_secs(1));
        let begun = Instant::now();
        queue.next().await;
        assert_eq!(begun.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn an_urgent_push_goes_before_those_that_came_earlier_and_a_send_that_ends_lets_the_next_go() {
        let queue = queue(10, 2);
        queue.add(vec![meal(), meal(), meal(), push()]);
        let (first, _urgent) = queue.next().await;
        assert_eq!(first.kind.name, "entered");
        let (second, slot) = queue.next().await;
        assert_eq!(second.kind.name, "meal");
        let full = tokio::time::timeout(Duration::from_secs(1), queue.next()).await;
        assert!(full.is_err(), "both places are taken");
        drop(slot);
        assert_eq!(queue.next().await.0.kind.name, "meal");
    }
}
