//! The queue: pushes waiting for their turn, bounded. It lives on the dispatcher's one thread.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use crate::Push;

/// Pushes waiting for their turn, and the pause that the provider may have asked for.
pub struct Queue {
    waiting: RefCell<VecDeque<Push>>,
    room: usize,
    filled: Notify,
    paused_until: Cell<Option<Instant>>,
}

impl Queue {
    /// An empty queue for so many pushes.
    pub fn new(room: usize) -> Self {
        Self { waiting: RefCell::new(VecDeque::with_capacity(room.min(1024))), room, filled: Notify::new(), paused_until: Cell::new(None) }
    }

    /// Takes in what there is room for and says how many it dropped.
    pub fn add(&self, pushes: Vec<Push>) -> usize {
        let offered = pushes.len();
        let taken = offered.min(self.free());
        self.waiting.borrow_mut().extend(pushes.into_iter().take(taken));
        self.filled.notify_one();
        offered - taken
    }

    /// How many more it can take.
    pub fn free(&self) -> usize {
        self.room.saturating_sub(self.len())
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.borrow().len()
    }

    /// The next push, when there is one and the provider lets us.
    pub async fn next(&self) -> Push {
        loop {
            self.unpaused().await;
            if let Some(push) = self.waiting.borrow_mut().pop_front() {
                return push;
            }
            self.filled.notified().await;
        }
    }

    /// Everything that waits.
    pub fn drain(&self) -> Vec<Push> {
        self.waiting.borrow_mut().drain(..).collect()
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

    #[test]
    fn what_does_not_fit_is_dropped_and_counted() {
        let queue = Queue::new(3);
        assert_eq!(queue.add(vec![push(), push()]), 0);
        assert_eq!(queue.add(vec![push(), push(), push()]), 2);
        assert_eq!((queue.len(), queue.free()), (3, 0));
        assert_eq!(queue.drain().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everything_back() {
        let queue = Queue::new(3);
        queue.add(vec![push()]);
        queue.pause(Duration::from_secs(30));
        queue.pause(Duration::from_secs(1));
        let begun = Instant::now();
        queue.next().await;
        assert_eq!(begun.elapsed().as_secs(), 30);
    }
}
