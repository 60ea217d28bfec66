-- An administrator looks at the product with somebody else's eyes: in one session, for a reason, half an hour at most.
create table see_as (
  school_id uuid not null references organisation (id),
  id uuid not null,
  seer_id uuid not null references person (id),
  seen_id uuid not null references person (id),
  session_id uuid not null,
  reason text not null check (reason <> ''),
  began_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > began_at and expires_at <= began_at + interval '30 minutes'),
  ended_at timestamptz,
  primary key (school_id, id),
  check (seer_id <> seen_id)
);
create index see_as_session on see_as (session_id) where ended_at is null;
create index see_as_seen on see_as (seen_id);
call make_tenant_table('see_as');
grant select, insert, update on see_as to shanyraq_web;
-- Who looked is recognised, and who was looked at learns of it, before any school is in scope.
create policy own on see_as for select using ((select current_person()) in (seer_id, seen_id));
