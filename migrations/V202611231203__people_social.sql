-- The social passport counts pupils by category. Which there are, and by which act, is dated; what is written of whom stays sealed.
create table social_category (
  code text not null check (code ~ '^[a-z-]+$'),
  valid_from date not null,
  -- The act that makes it a category, where one does.
  basis text,
  -- Nobody has compared it with the act's own text yet.
  is_verified boolean not null default false,
  -- In the order of the passport.
  place smallint not null,
  primary key (code, valid_from)
);
grant select on social_category to shanyraq_web, shanyraq_report;
insert into social_category (code, valid_from, basis, place) values
  ('orphan', '2026-09-01', '518-IV (26.12.2011)', 1),
  ('without-care', '2026-09-01', '518-IV (26.12.2011)', 2),
  ('disability', '2026-09-01', '224-VII (20.04.2023)', 3),
  ('large-family', '2026-09-01', '224-VII (20.04.2023)', 4),
  ('low-income', '2026-09-01', '224-VII (20.04.2023)', 5),
  ('one-parent', '2026-09-01', null, 6),
  ('hard-situation', '2026-09-01', '224-VII (20.04.2023)', 7),
  ('school-register', '2026-09-01', null, 8),
  ('other', '2026-09-01', null, 9);
