//! Blocks: a card was lost, stolen or broken, and from that moment on nothing done with it counts as its holder's.
//!
//! A guardian blocks a child's card on their own page, a pupil of age their own, the office anybody's. From the commit on the engine finds the block
//! together with the holder ([`crate::cards`]): a pass or a meal with the card is then neither, but a use of a blocked card, told to the guardians at
//! once. Who lets a child in by hand knows whom: such a pass counts as ever. A block ends when the office lifts it, or when whoever made it
//! takes it back within a few minutes; it is never changed, and its history stays.
//!
//! Owns `card_block`, `blocked_card_use`. Reads `card`, `people_v_kinship`, `people_v_name`, `people_v_member`, `people_v_pupil`, `fleet_v_device`.
//! Rights: `safety.block_own_card` (guardian; pupil, from eighteen on for themselves), `safety.see_blocked_cards`, `safety.block_card`,
//! `safety.lift_block` (the school's office, card officer).
//! Always true:
//!  1. Only who is a guardian of the child now, or the holder of age, sees and blocks the card on the own page, and only whoever blocked it takes
//!     the block back, in time ([`rules::may_take_back`]; `people_v_kinship`, in the same transaction).
//!  2. A card has at most one block that holds (index `card_block_open`, under the card's row lock), and the same form sent twice is one block.
//!  3. What is done with a card while it is blocked is stored once as a use of it, and is neither a pass, nor a meal, nor presence; what was done
//!     before or after is its holder's, whenever it arrives (decided with the holder, in the engine's transaction).

mod entry_pages;
mod list_pages;
mod own_pages;
mod rules;
mod service;
mod store;
mod uses;
mod view;

pub use store::{HOLDINGS, STATEMENTS, SWEEPS};
pub(crate) use uses::{Rows, draft, save, tells_of_the_card};

use kernel::right::Role;
use web::{
    NavItem, Task,
    task::{Look, Urgency},
};

kernel::rights! {
    /// Blocks the card of one's own child; from eighteen on, one's own.
    BlockOwnCard = "safety.block_own_card": [Guardian, Pupil],
    /// Sees which cards are blocked, why, and where they were used.
    SeeBlockedCards = "safety.see_blocked_cards": [Director, DeputyUpbringing, SchoolAdministrator, CardOfficer],
    /// Blocks the card of anybody at the school.
    BlockCards = "safety.block_card": [Director, DeputyUpbringing, SchoolAdministrator, CardOfficer],
    /// Lifts a block, whoever made it.
    LiftBlocks = "safety.lift_block": [Director, SchoolAdministrator, CardOfficer],
}

/// What may wait: who has a blocked card and none that opens.
pub const TASK: Task = Task::of::<LiftBlocks>("/{school}/cards?other=none", "home-blocked-cards", Urgency::Today, Look::Moment(&store::TASK_CARDLESS));

/// What the navigation offers. A guardian comes from the child's page, and has no room for more in the bar of a phone.
pub const NAVIGATION_ITEMS: [NavItem; 2] = [
    NavItem { roles: &[Role::Pupil], ..NavItem::of::<BlockOwnCard>("/my/cards", "door-in", "blocks-nav-own") },
    NavItem::of::<SeeBlockedCards>("/{school}/cards", "lock", "blocks-nav"),
];

/// `/my/cards`, `/my/{child}/card…`, `/{school}/cards…`.
pub fn routes(cfg: &mut actix_web::web::ServiceConfig) {
    // The guardian's first: `/{school}/…` would take their address.
    own_pages::routes(cfg);
    entry_pages::routes(cfg);
    list_pages::routes(cfg);
}
