-- Persons who are registered twice. Two who only look alike are remembered as two; two who are one are merged, and for a day it can be undone.
create table person_pair (
  school_id uuid not null references organisation (id),
  first_id uuid not null references person (id),
  second_id uuid not null references person (id),
  said_by uuid not null references person (id),
  said_at timestamptz not null,
  primary key (school_id, first_id, second_id),
  check (first_id < second_id)
);
call make_tenant_table('person_pair');
grant select, insert, delete on person_pair to shanyraq_web;
grant select, delete on person_pair to shanyraq_jobs;

-- A merge, with how the two cards stood before it and after.
create table person_merge (
  school_id uuid not null references organisation (id),
  id uuid not null,
  kept_id uuid not null references person (id),
  gone_id uuid not null references person (id),
  merged_by uuid not null references person (id),
  merged_at timestamptz not null,
  before jsonb,
  after jsonb,
  undone_by uuid references person (id),
  undone_at timestamptz,
  primary key (school_id, id),
  check (kept_id <> gone_id),
  check ((undone_at is null) = (undone_by is null))
);
-- Who is merged away is so once.
create unique index person_merge_gone on person_merge (school_id, gone_id) where undone_at is null;
create index person_merge_kept on person_merge (school_id, kept_id);
call make_tenant_table('person_merge');
grant select, insert, update on person_merge to shanyraq_web;
grant select, delete on person_merge to shanyraq_jobs;

-- What a merge moved, in its order: each row as it was and as it became; one that had no place beside the other's was taken out.
create table person_merge_row (
  school_id uuid not null,
  merge_id uuid not null,
  n int not null,
  relation text not null,
  col text not null,
  before jsonb not null,
  after jsonb,
  primary key (school_id, merge_id, n),
  foreign key (school_id, merge_id) references person_merge (school_id, id) on delete cascade
);
call make_tenant_table('person_merge_row');
grant select, delete on person_merge_row to shanyraq_jobs;
