//! What stands in the files. Pure: a roster becomes rows, and rows become the lists that the room of imports takes.

mod inbound;
mod outbound;

pub use inbound::{Found, Trouble, read};
pub use outbound::{Class, Kin, Member, Roster, SYSTEM, Sink, Time, Titles, Worker, write};
