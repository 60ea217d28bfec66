-- An announcement is for guardians, and for pupils and staff themselves. What was written before is for guardians, and the version before
-- this one writes and reads theirs as it did.
alter table announcement
  add column readers text[] not null default '{guardians}'
    check (cardinality(readers) > 0 and readers <@ array['guardians', 'pupils', 'class_teachers', 'staff']),
  -- Of staff: who holds one of these roles, or everybody.
  add column roles text[] not null default '{}';
-- A draft can be thrown away.
grant delete on announcement to shanyraq_web;

-- `guardian_id` is who reads it; whoever reads it for themselves stands in both columns. No CHECK says so: where two persons are merged, one
-- column follows the other.
alter table announcement_reader add column reads_as text not null default 'guardian' check (reads_as in ('guardian', 'pupil', 'staff'));
