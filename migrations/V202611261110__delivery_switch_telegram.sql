-- Telegram beside phones and e-mail: what a guardian chose for it, kind by kind. Nothing: it comes as it does to phones, as it always did.
alter table notice_switch add column telegram text check (telegram in ('on', 'off'));
