-- Which class a pupil was in, and when.
create or replace view people_v_class_time with (security_invoker = true) as
select school_id, pupil_id, class_id, valid_from, valid_to from enrolment;
grant select on people_v_class_time to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
