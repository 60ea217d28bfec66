-- What only one person at the school needs to know of a pupil. Sealed; a correction is a new version of its record, and no version is
-- changed or taken away but by the erasure of a leaver. The key's row cannot go while a version needs it.
create table confidential_record (
  school_id uuid not null references organisation (id),
  id uuid not null,
  record_id uuid not null,
  version int not null check (version > 0),
  person_id uuid not null references person (id),
  realm text not null check (realm in ('psychology', 'health', 'social')),
  generation int not null,
  sealed bytea not null,
  written_by uuid not null,
  written_at timestamptz not null,
  primary key (school_id, id),
  unique (school_id, record_id, version),
  foreign key (school_id, realm, generation) references vault_key (school_id, realm, generation)
);
create index confidential_record_person on confidential_record (school_id, person_id, realm, record_id, version);
create index confidential_record_generation on confidential_record (school_id, realm, generation);
call make_tenant_table('confidential_record');
grant select, insert on confidential_record to shanyraq_web;
grant select, update (generation, sealed), delete on confidential_record to shanyraq_jobs;
