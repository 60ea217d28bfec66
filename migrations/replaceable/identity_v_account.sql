-- Who can sign in, and whether they ever did: not by what name.
create or replace view identity_v_account with (security_invoker = true) as
select person_id, signed_in_at, blocked_at from account;
-- Guardians whose printed code still opens something.
create or replace view identity_v_invited with (security_invoker = true) as
select school_id, guardian_id, expires_at from invitation where used_at is null and revoked_at is null;
grant select on identity_v_account, identity_v_invited to shanyraq_web;
