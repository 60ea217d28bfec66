-- Certificates that a child learns here: issued by the guardian with one tap, numbered by year, each with a code by which anybody who was
-- shown it asks whether it is genuine. What it says is kept as it was said: a name or a class that changes later changes no paper.
create table certificate (
  school_id uuid not null references organisation (id),
  id uuid not null,
  year smallint not null,
  number int not null check (number > 0),
  dated date not null,
  pupil_id uuid not null references person (id),
  asked_by uuid not null references person (id),
  surname text not null check (surname <> ''),
  given_name text not null check (given_name <> ''),
  patronymic text check (patronymic <> ''),
  birth_date date,
  class_label text not null,
  -- Who was director then, as papers sign.
  signer text check (signer <> ''),
  code text not null check (code ~ '^[2-9A-HJ-NP-Y]{12}$'),
  issued_at timestamptz not null,
  revoked_by uuid references person (id),
  revoked_at timestamptz,
  revoked_why text check (revoked_why <> ''),
  primary key (school_id, id),
  unique (school_id, year, number),
  check ((revoked_at is null) = (revoked_why is null)),
  check (revoked_at is not null or revoked_by is null)
);
create unique index certificate_code on certificate (code);
create index certificate_pupil on certificate (school_id, pupil_id, dated);
create index certificate_asker on certificate (school_id, asked_by);
create index certificate_issued on certificate (school_id, issued_at, id);
call make_tenant_table('certificate');
-- Whoever holds the code sees that one row, before it is known whose school it is of.
create policy by_code on certificate for select using (code = (select current_setting('shanyraq.certificate', true)));
grant select, insert, update (revoked_by, revoked_at, revoked_why) on certificate to shanyraq_web;
grant select, delete on certificate to shanyraq_jobs;

create table certificate_number (
  school_id uuid not null references organisation (id),
  year smallint not null,
  last int not null check (last > 0),
  primary key (school_id, year)
);
call make_tenant_table('certificate_number');
grant select, insert, update on certificate_number to shanyraq_web;

insert into retention_rule (what, valid_from, keep_months, source, basis) values
  ('certificate', '2026-09-01', 36, 'ours', '94-V art. 18: a certificate is asked about in the year or two after it was shown');
