-- The document of an absence note, one a note: what a doctor wrote, or whatever else the family shows. It may tell of health, so its file is
-- enclosed with a key of its own, and that key is sealed with the school's key of health records. It goes with its note.
create table absence_document (
  school_id uuid not null references organisation (id),
  note_id uuid not null,
  file_id uuid not null,
  realm text not null default 'health' check (realm = 'health'),
  generation int not null,
  sealed_key bytea not null,
  added_by uuid not null references person (id),
  added_at timestamptz not null,
  primary key (school_id, note_id),
  unique (school_id, file_id),
  foreign key (school_id, note_id) references absence_note (school_id, id) on delete cascade,
  foreign key (school_id, file_id) references file (school_id, id) on delete cascade,
  foreign key (school_id, realm, generation) references vault_key (school_id, realm, generation)
);
create index absence_document_generation on absence_document (school_id, realm, generation);
create index absence_document_added_by on absence_document (school_id, added_by);
call make_tenant_table('absence_document');
grant select, insert on absence_document to shanyraq_web;
grant select, update (generation, sealed_key), delete on absence_document to shanyraq_jobs;
