-- Every card that a person ever held at a school.
create or replace view safety_v_card_held with (security_invoker = true) as
select school_id, person_id, code, valid_from, valid_to from card;
grant select on safety_v_card_held to shanyraq_web, shanyraq_jobs;
