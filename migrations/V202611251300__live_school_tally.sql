-- What was counted of a school for the authorities above it: sums, and nothing of anybody. Derived: `departments_figures` writes and reads
-- it, and counts anew what is older than five minutes, so that thirty officials who look at 500 schools cost one count and not thirty.
create table school_tally (
  school_id uuid not null references organisation (id) on delete cascade,
  counted_at timestamptz not null,
  pupils bigint not null,
  staff bigint not null,
  guardians bigint not null,
  reached bigint not null,
  passes bigint not null,
  devices bigint not null,
  offline bigint not null,
  late bigint not null,
  primary key (school_id)
);
-- No role of the application reads or writes it but through the function.
call make_tenant_table('school_tally');
