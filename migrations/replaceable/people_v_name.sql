-- What a person is called.
create or replace view people_v_name with (security_invoker = true) as
select id as person_id, surname, given_name, birth_date from person;
grant select on people_v_name to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
