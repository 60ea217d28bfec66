-- Gates without a line, and since when: who went through them is not known before the line is back.
create or replace view fleet_v_gate_offline with (security_invoker = true) as
select d.school_id, d.id as device_id, h.status_since
from device d join device_health h on h.school_id = d.school_id and h.device_id = d.id
where d.retired_at is null and d.kind in ('turnstile', 'reader', 'kiosk') and h.status = 'offline';
grant select on fleet_v_gate_offline to shanyraq_jobs;
