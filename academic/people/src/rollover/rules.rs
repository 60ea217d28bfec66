//! What becomes of each class when the year ends. Pure.

use std::collections::{BTreeMap, BTreeSet};

use kernel::id::{ClassId, PersonId};

/// A class of the year that ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldClass {
    /// Its id.
    pub id: ClassId,
    /// Its grade.
    pub grade: i16,
    /// Its letter.
    pub letter: String,
    /// Its language of teaching: who stays does so where they are taught in their language.
    pub language: String,
    /// Who is in it.
    pub pupils: Vec<PersonId>,
}

/// A class of the year to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClass {
    /// Its grade.
    pub grade: i16,
    /// Its letter.
    pub letter: String,
    /// The class that it is like in all else.
    pub like: ClassId,
}

/// Where a pupil goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Into the next grade: which of the new classes.
    Promoted(usize),
    /// Stays in the grade: which of the new classes.
    Repeats(usize),
    /// Has finished the school.
    Graduated,
}

/// What will happen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The classes of the year to come.
    pub classes: Vec<NewClass>,
    /// Everybody's way.
    pub ways: BTreeMap<PersonId, Way>,
}

/// Decides what becomes of each class and pupil. `repeaters` stay in their grade; the last grade leaves.
pub fn plan(classes: &[OldClass], repeaters: &BTreeSet<PersonId>, last_grade: i16) -> Plan {
    let mut plan = Plan::default();
    for class in classes.iter().filter(|class| class.grade < last_grade) {
        let made = plan.add(class.grade + 1, class);
        for pupil in class.pupils.iter().filter(|pupil| !repeaters.contains(pupil)) {
            plan.ways.insert(*pupil, Way::Promoted(made));
        }
    }
    // The first grade, and the one before it where the school has it, begin anew.
    for class in classes.iter().filter(|class| class.grade <= 1) {
        plan.find_or_add(class.grade, class);
    }
    for class in classes {
        for pupil in &class.pupils {
            if repeaters.contains(pupil) {
                let stays = plan.find_for_repeater(class, classes);
                plan.ways.insert(*pupil, Way::Repeats(stays));
            } else if class.grade >= last_grade {
                plan.ways.insert(*pupil, Way::Graduated);
            }
        }
    }
    plan
}

impl Plan {
    fn add(&mut self, grade: i16, like: &OldClass) -> usize {
        self.classes.push(NewClass { grade, letter: like.letter.clone(), like: like.id });
        self.classes.len() - 1
    }

    fn find(&self, grade: i16, letter: &str) -> Option<usize> {
        self.classes.iter().position(|class| class.grade == grade && class.letter == letter)
    }

    fn find_or_add(&mut self, grade: i16, like: &OldClass) -> usize {
        self.find(grade, &like.letter).unwrap_or_else(|| self.add(grade, like))
    }

    /// The same letter of the grade, else one taught in the same language, else a class of their own.
    fn find_for_repeater(&mut self, class: &OldClass, classes: &[OldClass]) -> usize {
        let language_of = |made: &NewClass| classes.iter().find(|old| old.id == made.like).map(|old| old.language.as_str());
        let same_language = |made: &NewClass| made.grade == class.grade && language_of(made) == Some(class.language.as_str());
        let fitting = self.classes.iter().position(|made| same_language(made) && made.letter == class.letter).or_else(|| self.classes.iter().position(same_language));
        match fitting.or_else(|| self.find(class.grade, &class.letter)) {
            Some(found) => found,
            None => self.add(class.grade, class),
        }
    }

    /// How many go each way: promoted, repeating, graduated.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&Way) -> bool| self.ways.values().filter(|way| wanted(way)).count();
        (count(|way| matches!(way, Way::Promoted(_))), count(|way| matches!(way, Way::Repeats(_))), count(|way| matches!(way, Way::Graduated)))
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::Uuid;
    use proptest::prelude::*;

    use super::*;

    fn class(id: u128, grade: i16, letter: &str, language: &str, pupils: &[u128]) -> OldClass {
        OldClass { id: ClassId(Uuid::from_u128(id)), grade, letter: letter.into(), language: language.into(), pupils: pupils.iter().map(|pupil| PersonId(Uuid::from_u128(*pupil))).collect() }
    }

    fn labels(plan: &Plan) -> BTreeSet<String> {
        plan.classes.iter().map(|class| format!("{}{}", class.grade, class.letter)).collect()
    }

    #[test]
    fn classes_go_up_the_last_leaves_and_the_first_waits_empty() {
        let old = [class(1, 1, "А", "kk", &[1, 2]), class(2, 1, "Б", "ru", &[3]), class(3, 2, "А", "kk", &[4]), class(4, 11, "А", "kk", &[5, 6])];
        let plan = plan(&old, &[PersonId(Uuid::from_u128(3)), PersonId(Uuid::from_u128(6))].into(), 11);
        assert_eq!(labels(&plan), ["1А", "1Б", "2А", "2Б", "3А", "11А"].map(str::to_owned).into());
        assert_eq!(plan.counts(), (3, 2, 1));
        let way = |pupil: u128| plan.ways[&PersonId(Uuid::from_u128(pupil))];
        assert!(matches!(way(3), Way::Repeats(place) if plan.classes[place].letter == "Б" && plan.classes[place].grade == 1));
        assert!(matches!(way(6), Way::Repeats(place) if plan.classes[place].grade == 11), "a class of their own where nobody comes up");
        assert_eq!(way(5), Way::Graduated);
    }

    #[test]
    fn where_twelve_grades_are_tried_out_the_eleventh_goes_on() {
        let plan = plan(&[class(1, 11, "А", "kk", &[1])], &BTreeSet::new(), 12);
        assert_eq!((labels(&plan), plan.counts()), (["12А".to_owned()].into(), (1, 0, 0)));
    }

    prop_compose! {
        fn a_school()(grades in prop::collection::btree_map((0_i16..=12, 0_usize..3), (0_usize..5, any::<bool>()), 1..20)) -> (Vec<OldClass>, usize) {
            let mut number = 0_u128;
            let old: Vec<OldClass> = grades.into_iter().enumerate().map(|(place, ((grade, letter), (count, kazakh)))| {
                let pupils: Vec<u128> = (0..count).map(|_| { number += 1; number }).collect();
                class(place as u128 + 1_000, grade, ["А", "Б", "В"][letter], if kazakh { "kk" } else { "ru" }, &pupils)
            }).collect();
            (old, usize::try_from(number).unwrap())
        }
    }

    proptest! {
        #[test]
        fn inv_1_everybody_has_one_way_and_no_class_is_made_twice((old, count) in a_school(), chosen in prop::collection::btree_set(1_u128..40, 0..10), last_grade in 9_i16..=12) {
            let repeaters: BTreeSet<PersonId> = chosen.into_iter().map(|pupil| PersonId(Uuid::from_u128(pupil))).collect();
            let plan = plan(&old, &repeaters, last_grade);
            prop_assert_eq!(plan.ways.len(), count);
            prop_assert_eq!(labels(&plan).len(), plan.classes.len(), "a grade and letter twice");
            let (promoted, repeating, graduated) = plan.counts();
            prop_assert_eq!(promoted + repeating + graduated, count);
            for old in &old {
                for pupil in &old.pupils {
                    match plan.ways[pupil] {
                        Way::Promoted(place) => prop_assert_eq!(plan.classes[place].grade, old.grade + 1),
                        Way::Repeats(place) => prop_assert_eq!(plan.classes[place].grade, old.grade),
                        Way::Graduated => prop_assert!(old.grade >= last_grade),
                    }
                }
            }
        }
    }
}
