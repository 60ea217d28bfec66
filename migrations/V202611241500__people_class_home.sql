-- Where a class is at home: a building of the school, and what its room is called. A building is versions, so no key leads to it: who chooses
-- one looks whether it stands, under the lock of the school's homes (people::buildings).
alter table school_class
  add column home_building_id uuid,
  add column home_room text check (home_room <> '' and char_length(home_room) <= 40);
