//! The one integration program: every room from outside, against a real PostgreSQL and a real Mosquitto.

mod app;
mod delivery;
mod engine;
mod fleet;
mod forged;
mod identity;
mod identity_factors;
mod identity_own;
mod live;
mod logins;
mod people;
mod rights;
mod roles;
mod schema;
mod statements;
mod tenancy;
mod town;
mod trail;
mod visitor;
mod web;
