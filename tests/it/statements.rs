//! Every statement of every room is prepared against the real schema: names, types and nullability agree, or the test says where not.

use kernel::sql::{Statement, check};
use testkit::database;

/// What rooms say of what they keep.
fn kept() -> Vec<&'static dyn Statement> {
    let registry = shanyraq::rooms::registry();
    let sweeps = shanyraq::rooms::sweeps().into_iter().flat_map(|sweep| sweep.statements());
    let releases = registry.releases.iter().copied().chain(registry.person.into_iter().flat_map(|(gone, blanked)| [gone, blanked])).map(|release| &release.delete as &dyn Statement);
    let traces = registry.traces.iter().chain(&registry.common_traces).map(|traces| *traces as &dyn Statement);
    sweeps.chain(registry.holdings.iter().flat_map(|holding| holding.statements())).chain(releases).chain(traces).collect()
}

/// Every statement of the house.
fn all() -> Vec<&'static dyn Statement> {
    shanyraq::rooms::statements().into_iter().flat_map(|room| room.iter().copied()).chain(kernel::audit::STATEMENTS.iter().copied()).chain(kernel::file::STATEMENTS.iter().copied()).chain(kernel::partition::STATEMENTS.iter().copied()).chain(kernel::vault::STATEMENTS.iter().copied()).chain(kernel::job::STATEMENTS.iter().copied()).chain(kept()).collect()
}

#[tokio::test]
async fn rust_and_postgres_agree_on_every_statement() {
    let owner = database().owner().await;
    let mut wrong = Vec::new();
    for statement in all() {
        wrong.extend(check(&owner, &statement.spec()).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
