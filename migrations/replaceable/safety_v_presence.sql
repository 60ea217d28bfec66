-- Where each person was last seen to go.
create or replace view safety_v_presence with (security_invoker = true) as
select school_id, person_id, direction, since, device_id from presence;
grant select on safety_v_presence to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
