-- On which days a child was said to stay away; what was taken back is not there.
create or replace view safety_v_excused with (security_invoker = true) as
select school_id, child_id, from_day, to_day, reason, said_at from absence_note where withdrawn_at is null;
grant select on safety_v_excused to shanyraq_web, shanyraq_jobs;
