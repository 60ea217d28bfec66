-- When a device's entry last changed: the broker's accounts and the hub's own copy of the registry follow it.
alter table device add column changed_at timestamptz not null default now();

-- Support looks up one device's letters and incidents.
create index incident_device on incident (school_id, device_id, last_at);
