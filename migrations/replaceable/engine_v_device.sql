-- What the engine knows of a device: its events, how far its journals are durable, what could not be taken, what went wrong.
create or replace view engine_v_event with (security_invoker = true) as
select school_id, device_id, store, seq, received_at, committed_at, at, occurred_at, kind, late, body from event;
create or replace view engine_v_cursor with (security_invoker = true) as
select school_id, device_id, store, upto, ahead, created_at, updated_at from device_cursor;
create or replace view engine_v_letter with (security_invoker = true) as
select school_id, id, received_at, reason, topic, device_id, store, seq, detail, payload from dead_letter;
create or replace view engine_v_incident with (security_invoker = true) as
select school_id, id, kind, device_id, opened_at, last_at, count, closed_at from incident;
grant select on engine_v_event, engine_v_cursor, engine_v_letter, engine_v_incident to shanyraq_web, shanyraq_jobs, shanyraq_report;
