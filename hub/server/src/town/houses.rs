//! The buildings of the town's schools, and the room in which each class is at home: pupils of the first four grades in the primary school's
//! building where there is one, the others in the main one, floor by floor.

use jiff::civil::{Date, date};
use kernel::id::Uuid;

use super::{
    Chance, Rows, School,
    rows::{Building, Home},
};

/// So many rooms on a floor.
const ROOMS: usize = 12;
/// The last grade that learns in the primary school's building.
const PRIMARY: i16 = 4;

/// A house: name in Kazakh and Russian, kind, street, year, floors, places, shifts.
type House = (&'static str, &'static str, &'static str, &'static str, i16, i16, i32, Option<i16>);

const HOUSES: [&[House]; 3] = [
    &[
        ("Бас ғимарат", "Главный корпус", "main", "Абай көшесі, 14", 1987, 3, 600, Some(2)),
        ("Бастауыш мектеп ғимараты", "Корпус начальной школы", "primary", "Абай көшесі, 16", 2012, 2, 320, Some(2)),
        ("Спорт залы", "Спортивный зал", "gym", "Абай көшесі, 14А", 2015, 1, 60, None),
    ],
    &[
        ("Бас ғимарат", "Главный корпус", "main", "Көкше көшесі, 40", 1974, 3, 900, Some(2)),
        ("Шеберхана", "Мастерские", "workshop", "Көкше көшесі, 40Б", 1980, 1, 50, None),
    ],
    &[
        ("Лицей ғимараты", "Корпус лицея", "main", "Сәтбаев көшесі, 7", 2019, 4, 900, Some(1)),
        ("Жатақхана", "Общежитие", "hostel", "Сәтбаев көшесі, 9", 2020, 3, 120, None),
    ],
];

/// Grows them into the rows, and names the home of every class.
pub fn grow(rows: &mut Rows, chance: &mut Chance, schools: &[School]) {
    for (school, houses) in schools.iter().zip(HOUSES) {
        let ids: Vec<Uuid> = houses.iter().map(|_| chance.id()).collect();
        for ((sort, id), house) in (1_i16..).zip(&ids).zip(houses) {
            let (name_kk, name_ru, kind, address, year_built, floors, capacity, shifts) = *house;
            let from = first_day(year_built);
            rows.buildings.push(Building { school: school.id, id: *id, name_kk, name_ru, kind, address, year_built, floors, capacity, shifts, sort, from });
        }
        let of_kind = |kind| houses.iter().zip(&ids).find(|(house, _)| house.2 == kind).map(|(_, id)| *id);
        let main = of_kind("main");
        let primary = of_kind("primary").or(main);
        let mut taken: [usize; 2] = [0, 0];
        for class in rows.classes.iter_mut().filter(|class| class.school == school.id) {
            let is_small = class.grade <= PRIMARY && primary != main;
            let Some(number) = taken.get_mut(usize::from(is_small)) else { continue };
            let room = format!("{}{:02}", 1 + *number / ROOMS, 1 + *number % ROOMS);
            *number += 1;
            class.home = if is_small { primary } else { main }.map(|building| Home { building, room });
        }
    }
}

fn first_day(year: i16) -> Date {
    date(year, 9, 1)
}
