-- What happened at doors and tills, as one stream: passes and meals.
create or replace view safety_v_record with (security_invoker = true) as
select school_id, person_id, occurred_at, received_at, device_id, store, seq, direction as kind, late, null::text as item, null::bigint as price_tiyn, method
from pass
union all
select school_id, person_id, occurred_at, received_at, device_id, store, seq, 'meal' as kind, late, item, price_tiyn, null as method
from meal;
grant select on safety_v_record to shanyraq_web, shanyraq_jobs, shanyraq_report;
