-- Cards that open now, and whose they are.
create or replace view safety_v_card with (security_invoker = true) as
select school_id, person_id, code, valid_from from card where valid_to is null;
grant select on safety_v_card to shanyraq_web, shanyraq_jobs, shanyraq_report;
