//! Safety: what happens at doors and tills, once it is known whose card it was.
//! Rooms: [`access`] (passes and presence) and [`canteen`] (meals); `cards` joins them when cards get a life of their own.
//!
//! Device events reach a room through [`absorb`], set-based and inside the engine's transaction.

use jiff::Timestamp;
use kernel::{
    id::{DeviceId, PersonId, SchoolId},
    money::Money,
};
use protocol::up::{Direction, Method};

/// A pass or meal that is now durable: what live pages and school actors are told after the commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The school.
    pub school: SchoolId,
    /// Whose card it was.
    pub person: PersonId,
    /// `Surname Given`, as lists show it.
    pub person_name: String,
    /// `7А`, for pupils.
    pub class: Option<String>,
    /// The device it happened at.
    pub device: DeviceId,
    /// The device's place, as registered.
    pub place: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the hub got it.
    pub received_at: Timestamp,
    /// Whether it came too late to alarm anyone.
    pub late: bool,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Through a door.
    Pass {
        /// Which way.
        direction: Direction,
        /// How recognised.
        method: Method,
    },
    /// A meal.
    Meal {
        /// What was eaten.
        item: String,
        /// Its price; zero when free.
        price: Money,
    },
}
