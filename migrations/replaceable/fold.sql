-- How names are compared in a search: small letters, Kazakh letters as people without them on the keyboard type them,
-- and Latin look-alikes as the Cyrillic letters they were meant to be.
create or replace function fold(name text) returns text language sql immutable parallel safe
  return translate(lower(name collate "und-x-icu"), 'әғқңөұүһіёйaeopcxykmthbi', 'агкноуухиеиаеорсхукмтхви');
