-- The pupils whom the gates can miss: enrolled now, not taught at home, with a card that opens (none that is blocked), and nobody whose consent
-- to the gate or to the register is withdrawn.
create or replace view safety_v_watched with (security_invoker = true) as
select e.school_id, e.pupil_id, e.class_id, e.valid_from, k.grade, k.shift
from enrolment e
join school_class k on k.school_id = e.school_id and k.id = e.class_id and k.kind <> 'home'
where e.valid_to is null
  and exists (select from safety_v_card c where c.school_id = e.school_id and c.person_id = e.pupil_id)
  and not exists (select from identity_v_consent_stop s where s.school_id = e.school_id and s.person_id = e.pupil_id
    and s.purpose in ('card_gate', 'register') and s.until is null);
grant select on safety_v_watched to shanyraq_web, shanyraq_jobs;
