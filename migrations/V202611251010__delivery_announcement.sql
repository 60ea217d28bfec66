-- What a school tells many guardians at once, in both languages. It is written, looked at, and sent; what was sent is not changed any more.
create table announcement (
  school_id uuid not null references organisation (id),
  id uuid not null,
  title_kk text not null check (length(title_kk) between 1 and 120),
  title_ru text not null check (length(title_ru) between 1 and 120),
  text_kk text not null check (length(text_kk) between 1 and 4000),
  text_ru text not null check (length(text_ru) between 1 and 4000),
  urgency text not null check (urgency in ('normal', 'alarm')),
  audience text not null check (audience in ('school', 'grades', 'classes')),
  grades int[] not null default '{}',
  class_ids uuid[] not null default '{}',
  written_by uuid not null,
  written_at timestamptz not null,
  sent_by uuid,
  sent_at timestamptz,
  job_id uuid,
  reminded_at timestamptz,
  primary key (school_id, id),
  check ((sent_at is null) = (sent_by is null) and (sent_at is null) = (job_id is null))
);
call make_tenant_table('announcement');
grant select, insert, update on announcement to shanyraq_web;
grant select on announcement to shanyraq_jobs;

-- Whom an announcement is for, as of when it was sent: a guardian once for each child of theirs in the audience. They are told once
-- (`told_at`; emptied for a reminder), and say themselves that they have read it.
create table announcement_reader (
  school_id uuid not null,
  announcement_id uuid not null,
  guardian_id uuid not null references person (id),
  child_id uuid not null references person (id),
  told_at timestamptz,
  confirmed_at timestamptz,
  primary key (school_id, announcement_id, guardian_id, child_id),
  foreign key (school_id, announcement_id) references announcement (school_id, id)
);
create index announcement_reader_guardian on announcement_reader (guardian_id);
create index announcement_reader_child on announcement_reader (child_id);
create index announcement_reader_waiting on announcement_reader (school_id, announcement_id, guardian_id) where told_at is null;
call make_tenant_table('announcement_reader');
grant select, insert, update on announcement_reader to shanyraq_web;
grant select, update, delete on announcement_reader to shanyraq_jobs;
