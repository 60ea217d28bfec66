-- A person's sex, where it is known: it stands in the register of the school and on forms of the state.
alter table person add column sex text check (sex in ('m', 'f'));
