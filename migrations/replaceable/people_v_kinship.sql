-- Who is whose guardian, with the days it holds. A guardian sees their own before any school is in scope.
create or replace view people_v_kinship with (security_invoker = true) as
select school_id, pupil_id, guardian_id, valid_from, valid_to from kinship;
grant select on people_v_kinship to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
