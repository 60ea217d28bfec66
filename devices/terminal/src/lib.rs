//! The reference terminal: what stands between a card reader and a gate. It decides by a signed list without asking anybody,
//! writes down who passed, and brings that to the hub whenever there is a network.
//!
//! Four parts, each a thread of its own, so that none waits for another: readers ([`reader`]), the gate ([`gate`]) that decides
//! by the [`list`], the keeper ([`keeper`]) that alone writes the [`journal`], and the messenger ([`forward`]) that brings the
//! journal to the hub. The [`clock`] says what time it is even where the machine does not know.
//!
//! Always true:
//!  1. The gate waits neither for the network nor for the disk.
//!  2. What the journal counted as kept reaches the hub, in order, however often power or network fail.

pub mod clock;
pub mod config;
pub mod forward;
pub mod gate;
pub mod journal;
pub mod keeper;
pub mod list;
pub mod reader;
pub mod run;
pub mod tally;
