-- Files of an announcement, as long as it is a draft added and removed, then as they are. `id` is the form's: sent twice, it is kept once.
create table announcement_file (
  school_id uuid not null,
  announcement_id uuid not null,
  id uuid not null,
  file_id uuid not null,
  -- What whoever added it calls it, without its ending.
  name text not null check (length(name) between 1 and 80),
  media_type text not null,
  size int not null,
  added_at timestamptz not null,
  primary key (school_id, announcement_id, id),
  foreign key (school_id, announcement_id) references announcement (school_id, id),
  foreign key (school_id, file_id) references file (school_id, id) on delete cascade
);
create index announcement_file_kept on announcement_file (school_id, file_id);
call make_tenant_table('announcement_file');
grant select, insert, delete on announcement_file to shanyraq_web;
grant select on announcement_file to shanyraq_jobs;
