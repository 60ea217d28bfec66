-- Deliveries that ended badly by a fault of ours or of a provider are sent again by support. `replayed_at` says when that was asked for the last
-- time. What was too old by then ends as `given_up`: it is on the notices page, and no phone is disturbed by it.
alter table delivery add column replayed_at timestamptz;
alter table delivery drop constraint delivery_outcome_check;
alter table delivery add constraint delivery_outcome_check
  check (outcome in ('sent', 'switched_off', 'no_phone', 'late', 'expired', 'unregistered', 'refused', 'no_consent', 'quiet', 'collapsed', 'given_up')) not valid;
-- Few rows of millions; the page asks for those of some days.
create index delivery_dead on delivery (created_at) where outcome in ('refused', 'expired');
-- A delivery is opened again and nothing else of it is changed.
grant update (outcome, outcome_at, lease_until, replayed_at) on delivery to shanyraq_web;
