//! The channel of an installation without a provider: nothing leaves the machine, and the delivery log says so.

use futures_util::future::BoxFuture;

use super::{Channel, Verdict};
use crate::Push;

/// Refuses everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl Channel for Nowhere {
    fn send<'a>(&'a self, _: &'a Push) -> BoxFuture<'a, Verdict> {
        Box::pin(std::future::ready(Verdict::Refused("no provider is set up".into())))
    }
}
