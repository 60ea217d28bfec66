//! Every statement of every room is prepared against the real schema: names, types and nullability agree, or the test says where not.

use kernel::sql::{Statement, check};
use testkit::database;

/// Every list of statements there is. A new crate adds its line.
fn all() -> Vec<&'static dyn Statement> {
    let crates: [&[&[&dyn Statement]]; 7] =
        [app::STATEMENTS, delivery::STATEMENTS, engine::STATEMENTS, fleet::STATEMENTS, identity::STATEMENTS, people::STATEMENTS, safety::STATEMENTS];
    crates.into_iter().flatten().flat_map(|room| room.iter().copied()).chain(kernel::audit::STATEMENTS.iter().copied()).collect()
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
