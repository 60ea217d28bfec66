-- The picture of a pupil: one at a time, with a small one for lists. Taken and shown only while the consent to photos stands; after
-- that nobody sees it, and it is deleted when the rule below says so.

create table pupil_photo (
  school_id uuid not null references organisation (id),
  pupil_id uuid not null references person (id),
  file_id uuid not null,
  small_id uuid not null,
  added_at timestamptz not null,
  added_by uuid not null references person (id),
  primary key (school_id, pupil_id),
  foreign key (school_id, file_id) references file (school_id, id),
  foreign key (school_id, small_id) references file (school_id, id)
);
create index pupil_photo_file on pupil_photo (school_id, file_id);
create index pupil_photo_small on pupil_photo (school_id, small_id);
call make_tenant_table('pupil_photo');
grant select, insert, update, delete on pupil_photo to shanyraq_web;
grant select, delete on pupil_photo to shanyraq_jobs;
grant select on pupil_photo to shanyraq_report;

insert into retention_rule (what, valid_from, keep_months, basis) values
  ('photo_after_consent', '2026-09-01', 1, '94-V art. 18: destroyed when the purpose is reached or the consent withdrawn; a month in which a word taken back by mistake can be given again');
