-- Files: what people upload, whole in the database, in chunks of 1 MiB. Whose data a file is stands on it, so that all of a person's
-- files can be found. A row never changes; a file that is no more wanted goes with its chunks.

create table file (
  school_id uuid not null references organisation (id),
  id uuid not null,
  kind text not null check (kind ~ '^[a-z]+[.][a-z_]+$'),
  person_id uuid not null references person (id),
  media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png', 'image/webp')),
  size int not null check (size between 1 and 20 * 1024 * 1024),
  sha256 bytea not null check (length(sha256) = 32),
  created_at timestamptz not null,
  created_by uuid references person (id),
  primary key (school_id, id)
);
create index file_person on file (school_id, person_id);
call make_tenant_table('file');
grant select, insert, delete on file to shanyraq_web;
grant select, delete on file to shanyraq_jobs;
grant select on file to shanyraq_report;

create table file_chunk (
  school_id uuid not null,
  file_id uuid not null,
  n int not null check (n >= 0),
  bytes bytea not null check (length(bytes) between 1 and 1024 * 1024),
  primary key (school_id, file_id, n),
  foreign key (school_id, file_id) references file (school_id, id) on delete cascade
);
-- Pictures and scans are compressed already.
alter table file_chunk alter column bytes set storage external;
call make_tenant_table('file_chunk');
grant select, insert, delete on file_chunk to shanyraq_web;
grant select, delete on file_chunk to shanyraq_jobs;
grant select on file_chunk to shanyraq_report;
