-- What a guardian says has changed: of the child, and of themselves as the school knows them. Each field is asked for by itself, with the
-- value that stood then, and answered by itself. A request is never changed: it is answered, or withdrawn while it waits.
create table update_request (
  school_id uuid not null references organisation (id),
  id uuid not null,
  child_id uuid not null references person (id),
  asked_by uuid not null references person (id),
  note text check (note <> ''),
  file_id uuid,
  asked_at timestamptz not null,
  withdrawn_at timestamptz,
  -- Every field is answered, or it was withdrawn.
  closed_at timestamptz,
  primary key (school_id, id),
  foreign key (school_id, file_id) references file (school_id, id),
  check (withdrawn_at is null or closed_at is not null)
);
create index update_request_open on update_request (school_id, asked_at) where closed_at is null;
create index update_request_child on update_request (school_id, child_id);
create index update_request_asker on update_request (school_id, asked_by);
call make_tenant_table('update_request');
grant select, insert, update on update_request to shanyraq_web;
grant select, delete on update_request to shanyraq_jobs;

create table update_request_field (
  school_id uuid not null,
  request_id uuid not null,
  about text not null check (about in ('child', 'own')),
  field text not null check (field in ('surname', 'given_name', 'patronymic', 'birth_date', 'sex', 'locale', 'address', 'phone', 'email')),
  -- What stood when it was asked.
  before text check (before <> ''),
  asked text check (asked <> ''),
  verdict text check (verdict in ('accepted', 'refused')),
  reason text check (reason <> ''),
  decided_by uuid references person (id),
  decided_at timestamptz,
  primary key (school_id, request_id, about, field),
  foreign key (school_id, request_id) references update_request (school_id, id) on delete cascade,
  check (before is distinct from asked),
  check ((verdict is null) = (decided_at is null)),
  check ((verdict = 'refused') = (reason is not null))
);
call make_tenant_table('update_request_field');
grant select, insert, update on update_request_field to shanyraq_web;
grant select, delete on update_request_field to shanyraq_jobs;
