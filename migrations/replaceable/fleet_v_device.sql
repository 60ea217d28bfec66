-- Devices by the name and place that people know them by.
create or replace view fleet_v_device with (security_invoker = true) as
select school_id, id as device_id, code, kind, name, place from device;
grant select on fleet_v_device to shanyraq_web, shanyraq_jobs, shanyraq_report;
