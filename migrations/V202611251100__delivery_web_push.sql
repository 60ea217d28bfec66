-- Browsers beside native apps: an address has a channel of its own, and the program knows which there are. The checks said one name; now they
-- say what a name looks like, so that a channel more is no change of the schema.
alter table push_token drop constraint push_token_channel_check;
alter table push_token add constraint push_token_channel_check check (channel ~ '^[a-z][a-z_]{1,15}$');
alter table delivery drop constraint delivery_channel_check;
alter table delivery add constraint delivery_channel_check check (channel ~ '^[a-z][a-z_]{1,15}$') not valid;

-- What its owner knows the browser by ("Chrome, Android"): read off what it says of itself when it is registered.
alter table push_token add column label text not null default '' check (length(label) <= 80);
