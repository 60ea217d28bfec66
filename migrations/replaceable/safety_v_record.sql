-- What happened at doors and tills, as one stream: passes and meals; of nobody whose consent to it is withdrawn.
create or replace view safety_v_record with (security_invoker = true) as
select p.school_id, p.person_id, p.occurred_at, p.received_at, p.device_id, p.store, p.seq, p.direction as kind, p.late, null::text as item,
  null::bigint as price_tiyn, p.method
from pass p
where not exists (select from identity_v_consent_stop s
  where s.school_id = p.school_id and s.person_id = p.person_id and s.purpose = 'card_gate' and s.until is null)
union all
select m.school_id, m.person_id, m.occurred_at, m.received_at, m.device_id, m.store, m.seq, 'meal' as kind, m.late, m.item, m.price_tiyn, null as method
from meal m
where not exists (select from identity_v_consent_stop s
  where s.school_id = m.school_id and s.person_id = m.person_id and s.purpose = 'meals' and s.until is null);
grant select on safety_v_record to shanyraq_web, shanyraq_jobs, shanyraq_report;
