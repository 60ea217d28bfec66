-- The classes of a school now.
create or replace view people_v_class with (security_invoker = true) as
select school_id, id as class_id, grade, letter, grade || letter as class_label from school_class where valid_to is null;
grant select on people_v_class to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
