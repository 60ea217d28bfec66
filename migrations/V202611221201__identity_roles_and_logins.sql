-- What a school makes of its own: roles with their rights, who holds them, and invitations to make a login.

-- A role of the school: two names and a set of rights. Closed, it is held by nobody and never given again.
create table school_role (
  school_id uuid not null references organisation (id),
  id uuid not null,
  name_kk text not null check (name_kk <> ''),
  name_ru text not null check (name_ru <> ''),
  created_at timestamptz not null,
  closed_at timestamptz,
  primary key (school_id, id)
);
create unique index school_role_name on school_role (school_id, name_kk) where closed_at is null;
call make_tenant_table('school_role');
grant select, insert, update on school_role to shanyraq_web;

-- What a role opens now; what it opened before stands in the audit.
create table school_role_right (
  school_id uuid not null,
  role_id uuid not null,
  right_name text not null check (right_name <> ''),
  added_at timestamptz not null,
  primary key (school_id, role_id, right_name),
  foreign key (school_id, role_id) references school_role (school_id, id)
);
call make_tenant_table('school_role_right');
grant select, insert, delete on school_role_right to shanyraq_web;

create table school_role_grant (
  school_id uuid not null,
  role_id uuid not null,
  person_id uuid not null references person (id),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from),
  primary key (school_id, role_id, person_id, valid_from),
  foreign key (school_id, role_id) references school_role (school_id, id)
);
create index school_role_grant_person on school_role_grant (person_id);
call make_tenant_table('school_role_grant');
grant select, insert, update on school_role_grant to shanyraq_web;

-- Who signs in learns their own rights before any school is in scope.
create policy own on school_role_grant for select using (person_id = (select current_person()));
create policy own on school_role for select using (exists (
  select from school_role_grant g where g.school_id = school_role.school_id and g.role_id = school_role.id and g.person_id = (select current_person())));
create policy own on school_role_right for select using (exists (
  select from school_role_grant g
  where g.school_id = school_role_right.school_id and g.role_id = school_role_right.role_id and g.person_id = (select current_person())));

-- A code printed for a guardian without a login. Only its hash is kept, and whoever knows the hash sees that one row.
create table invitation (
  school_id uuid not null references organisation (id),
  id uuid not null,
  guardian_id uuid not null references person (id),
  code_hash bytea not null unique check (length(code_hash) = 32),
  created_by uuid not null references person (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (school_id, id)
);
create unique index invitation_open on invitation (school_id, guardian_id) where used_at is null and revoked_at is null;
call make_tenant_table('invitation');
create policy by_code on invitation for select using (encode(code_hash, 'hex') = (select current_setting('shanyraq.invitation', true)));
grant select, insert, update on invitation to shanyraq_web;

alter table account add column signed_in_at timestamptz;
