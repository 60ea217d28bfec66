-- Where each person was last seen to go. Whose consent to the gate is withdrawn is nowhere; given again, what was before the break
-- does not come back: only what happens from then on counts.
create or replace view safety_v_presence with (security_invoker = true) as
select p.school_id, p.person_id, p.direction, p.since, p.device_id from presence p
where not exists (select from identity_v_consent_stop s where s.school_id = p.school_id and s.person_id = p.person_id
  and s.purpose = 'card_gate' and (s.until is null or p.since < s.until));
grant select on safety_v_presence to shanyraq_web, shanyraq_engine, shanyraq_jobs, shanyraq_report;
