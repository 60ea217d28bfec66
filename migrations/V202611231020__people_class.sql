-- Classes to their full shape: kind, profile and the school year they are of.
alter table school_class
  add column kind text not null default 'ordinary' check (kind in ('ordinary', 'special', 'correction', 'inclusive', 'home', 'combined')),
  add column profile text not null default 'general' check (profile in ('general', 'gymnasium', 'lyceum', 'science', 'humanities')),
  -- The year it begins in; from July on a class is made for the year to come.
  add column year smallint not null default (extract(year from now() - interval '6 months')::smallint);
-- A class that was closed before is of the year it began in. Policies hold for the owner too.
alter table school_class no force row level security;
update school_class set year = extract(year from valid_from - interval '6 months') where valid_to is not null;
alter table school_class force row level security;
-- A class that nobody was in leaves no trace when the rollover that made it is taken back.
grant delete on school_class to shanyraq_web;
