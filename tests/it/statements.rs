//! Every statement of every room is prepared against the real schema: names, types and nullability agree, or the test says where not.

use kernel::sql::{Statement, check};
use testkit::database;

/// Every statement of the house.
fn all() -> Vec<&'static dyn Statement> {
    shanyraq::rooms::statements().into_iter().flat_map(|room| room.iter().copied()).chain(kernel::audit::STATEMENTS.iter().copied()).chain(kernel::partition::STATEMENTS.iter().copied()).collect()
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
