//! The one integration program: every room from outside, against a real PostgreSQL and a real Mosquitto.

mod app;
mod delivery;
mod engine;
mod fleet;
mod identity;
mod live;
mod people;
mod rights;
mod schema;
mod statements;
mod tenancy;
mod town;
mod visitor;
mod web;
