//! The SQL of what this crate keeps of a person.

use kernel::{
    id::{PersonId, SchoolId},
    keep::{Fate, Holding, Release, Trace},
    sql::{Command, Query, Statement},
};

/// A person's rows at a school.
pub static HOLDINGS: &[Holding] = &[
    Holding {
        table: "invitation",
        count: Query::new("identity.held_invitation", "select count(*) as count from invitation where school_id = $1 and guardian_id = $2"),
        fate: Fate::Delete(Command::new(
            "identity.erase_invitation",
            "delete from invitation where ctid = any(array(select ctid from invitation where school_id = $1 and guardian_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "consent_stop",
        count: Query::new("identity.held_consent_stop", "select count(*) as count from consent_stop where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "identity.erase_consent_stop",
            "delete from consent_stop where ctid = any(array(select ctid from consent_stop where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "consent",
        count: Query::new("identity.held_consent", "select count(*) as count from consent where school_id = $1 and (person_id = $2 or by_person = $2)"),
        fate: Fate::Delete(Command::new(
            "identity.erase_consent",
            "delete from consent where ctid = any(array(select ctid from consent where school_id = $1 and (person_id = $2 or by_person = $2) limit $3))",
        )),
    },
    Holding {
        table: "class_grant",
        count: Query::new("identity.held_class_grant", "select count(*) as count from class_grant where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "identity.erase_class_grant",
            "delete from class_grant where ctid = any(array(select ctid from class_grant where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "school_role_grant",
        count: Query::new("identity.held_school_role_grant", "select count(*) as count from school_role_grant where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "identity.erase_school_role_grant",
            "delete from school_role_grant where ctid = any(array(select ctid from school_role_grant where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "role_grant",
        count: Query::new("identity.held_role_grant", "select count(*) as count from role_grant where school_id = $1 and person_id = $2"),
        fate: Fate::Delete(Command::new(
            "identity.erase_role_grant",
            "delete from role_grant where ctid = any(array(select ctid from role_grant where school_id = $1 and person_id = $2 limit $3))",
        )),
    },
    Holding {
        table: "audit",
        count: Query::new("identity.held_audit", "select count(*) as count from audit where school_id = $1 and (person_id = $2 or subject_id = $2 or whose @> array[$2])"),
        fate: Fate::Kept("audit"),
    },
];

/// The login belongs to no school. What hangs on the account leaves before it.
pub static RELEASES: &[Release] = &[
    Release { table: "session", delete: Command::new("identity.release_session", "delete from session where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_half_open", delete: Command::new("identity.release_account_half_open", "delete from account_half_open where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_recovery_code", delete: Command::new("identity.release_account_recovery_code", "delete from account_recovery_code where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_totp", delete: Command::new("identity.release_account_totp", "delete from account_totp where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_passkey_question", delete: Command::new("identity.release_account_passkey_question", "delete from account_passkey_question where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_passkey", delete: Command::new("identity.release_account_passkey", "delete from account_passkey where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_email_question", delete: Command::new("identity.release_account_email_question", "delete from account_email_question where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_recovery", delete: Command::new("identity.release_account_recovery", "delete from account_recovery where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_identifier", delete: Command::new("identity.release_account_identifier", "delete from account_identifier where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_key_code", delete: Command::new("identity.release_account_key_code", "delete from account_key_code where account_id in (select id from account where person_id = $1)") },
    Release { table: "account_key", delete: Command::new("identity.release_account_key", "delete from account_key where account_id in (select id from account where person_id = $1)") },
    Release { table: "account", delete: Command::new("identity.release_account", "delete from account where person_id = $1") },
];

/// The login.
pub static TRACES: Query<(SchoolId, PersonId), Trace> =
    Query::new("identity.traces", "select login as trace from account where $1::uuid is not null and person_id = $2");

/// Every statement stands in the lists above, and is prepared by the test that goes through them.
pub const STATEMENTS: &[&dyn Statement] = &[];
