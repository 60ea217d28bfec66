-- Roles for some classes only, rights that a school switches on or off in a delivered role, and roles handed over for a time.

-- A role held for some classes. A table of its own: whoever does not know about bounds sees no grant here, and opens nothing.
create table class_grant (
  school_id uuid not null references organisation (id),
  id uuid not null,
  person_id uuid not null references person (id),
  role text check (role <> ''),
  role_id uuid,
  class_ids uuid[] not null check (cardinality(class_ids) between 1 and 100),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from),
  primary key (school_id, id),
  foreign key (school_id, role_id) references school_role (school_id, id),
  check ((role is null) <> (role_id is null))
);
create index class_grant_person on class_grant (person_id);
call make_tenant_table('class_grant');
grant select, insert, update on class_grant to shanyraq_web;

-- What a school switched in a delivered role: a row is there only where it differs from how the role was delivered.
create table role_right_switch (
  school_id uuid not null references organisation (id),
  role text not null check (role <> ''),
  right_name text not null check (right_name <> ''),
  is_on boolean not null,
  changed_at timestamptz not null,
  primary key (school_id, role, right_name)
);
call make_tenant_table('role_right_switch');
grant select, insert, update, delete on role_right_switch to shanyraq_web;

-- A role that its holder handed to a colleague from a day to a day. It opens nothing that the giver does not hold at that moment.
create table delegation (
  school_id uuid not null references organisation (id),
  id uuid not null,
  giver_id uuid not null references person (id),
  receiver_id uuid not null references person (id),
  role text check (role <> ''),
  role_id uuid,
  valid_from timestamptz not null,
  valid_to timestamptz not null check (valid_to > valid_from),
  reason text not null check (reason <> ''),
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid references person (id),
  primary key (school_id, id),
  foreign key (school_id, role_id) references school_role (school_id, id),
  check ((role is null) <> (role_id is null)),
  check (giver_id <> receiver_id)
);
create index delegation_giver on delegation (giver_id);
create index delegation_receiver on delegation (receiver_id);
call make_tenant_table('delegation');
grant select, insert, update on delegation to shanyraq_web;

-- Who signs in learns their own rights before any school is in scope; a receiver, whether the giver still holds the role.
create policy own on delegation for select using ((select current_person()) in (giver_id, receiver_id));
create policy own on class_grant for select using (person_id = (select current_person()));
create policy handed_over on class_grant for select using (exists (
  select from delegation d where d.school_id = class_grant.school_id and d.giver_id = class_grant.person_id and d.receiver_id = (select current_person())));
create policy handed_over on role_grant for select using (exists (
  select from delegation d where d.school_id = role_grant.school_id and d.giver_id = role_grant.person_id and d.receiver_id = (select current_person())));
create policy handed_over on school_role_grant for select using (exists (
  select from delegation d where d.school_id = school_role_grant.school_id and d.giver_id = school_role_grant.person_id and d.receiver_id = (select current_person())));
create policy own_limited on school_role for select using (
  exists (select from class_grant g where g.school_id = school_role.school_id and g.role_id = school_role.id and g.person_id = (select current_person()))
  or exists (select from delegation d where d.school_id = school_role.school_id and d.role_id = school_role.id and d.receiver_id = (select current_person())));
create policy own_limited on school_role_right for select using (
  exists (select from class_grant g where g.school_id = school_role_right.school_id and g.role_id = school_role_right.role_id and g.person_id = (select current_person()))
  or exists (select from delegation d where d.school_id = school_role_right.school_id and d.role_id = school_role_right.role_id and d.receiver_id = (select current_person())));
create policy own on role_right_switch for select using (
  exists (select from role_grant g where g.school_id = role_right_switch.school_id and g.person_id = (select current_person()))
  or exists (select from class_grant g where g.school_id = role_right_switch.school_id and g.person_id = (select current_person()))
  or exists (select from delegation d where d.school_id = role_right_switch.school_id and d.receiver_id = (select current_person())));

-- A role of the school is read in three languages; without an English name the Russian one is shown.
alter table school_role add column name_en text check (name_en <> '');
