-- Who is whose guardian, with the days it holds. A guardian sees their own before any school is in scope. Whom a limit bars from the
-- child's data today is no guardian here: nobody who asks this view shows them anything or tells them anything of that child.
create or replace view people_v_kinship with (security_invoker = true) as
select k.school_id, k.pupil_id, k.guardian_id, k.valid_from, k.valid_to
from kinship k
where not exists (
  select from custody_limit l join organisation o on o.id = l.school_id
  where l.school_id = k.school_id and l.pupil_id = k.pupil_id and l.guardian_id = k.guardian_id and l.no_data and l.ended_at is null
    and l.valid_from <= (now() at time zone o.zone)::date and (l.valid_to is null or l.valid_to >= (now() at time zone o.zone)::date));
grant select on people_v_kinship to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
