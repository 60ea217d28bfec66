-- Days off by law, the same for all.
create or replace view identity_v_day_off with (security_invoker = true) as select day, basis from day_off;
grant select on identity_v_day_off to shanyraq_web, shanyraq_jobs, shanyraq_report;
