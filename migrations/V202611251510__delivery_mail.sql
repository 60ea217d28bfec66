-- E-mail beside phones: what a guardian chose for it, kind by kind. Nothing: the kind's own default holds.
alter table notice_switch add column mail text check (mail in ('on', 'off'));
