//! The files of OneRoster 1.2 in the CSV binding: their names, and their columns in the order of the standard.

/// A file with its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name without `.csv`, as the manifest says it.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [&'static str],
}

/// The version that we write and read.
pub const VERSION: &str = "1.2";

/// Who belongs to whom.
pub const ORGS: Table = Table { name: "orgs", columns: &["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"] };
/// Years and terms.
pub const SESSIONS: Table =
    Table { name: "academicSessions", columns: &["sourcedId", "status", "dateLastModified", "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"] };
/// What is taught.
pub const COURSES: Table = Table {
    name: "courses",
    columns: &["sourcedId", "status", "dateLastModified", "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"],
};
/// Classes; the last column is ours, as the standard lets one add at the end.
pub const CLASSES: Table = Table {
    name: "classes",
    columns: &[
        "sourcedId", "status", "dateLastModified", "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId", "termSourcedIds", "subjects",
        "subjectCodes", "periods", LANGUAGE,
    ],
};
/// The language of teaching of a class.
pub const LANGUAGE: &str = "metadata.language";
/// People.
pub const USERS: Table = Table {
    name: "users",
    columns: &[
        "sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone",
        "agentSourcedIds", "grades", "password", "userMasterIdentifier", "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
    ],
};
/// What people are where.
pub const ROLES: Table = Table {
    name: "roles",
    columns: &["sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"],
};
/// Who is in which class.
pub const ENROLLMENTS: Table = Table {
    name: "enrollments",
    columns: &["sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"],
};
/// Date of birth and sex.
pub const DEMOGRAPHICS: Table = Table {
    name: "demographics",
    columns: &[
        "sourcedId", "status", "dateLastModified", "birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican", "nativeHawaiianOrOtherPacificIslander",
        "white", "demographicRaceTwoOrMoreRaces", "hispanicOrLatinoEthnicity", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus",
    ],
};

/// The files that we write and read.
pub const TABLES: [&Table; 8] = [&ORGS, &SESSIONS, &COURSES, &CLASSES, &USERS, &ROLES, &ENROLLMENTS, &DEMOGRAPHICS];

/// The columns of the manifest.
pub const MANIFEST: [&str; 2] = ["propertyName", "value"];
/// Every file that a manifest speaks of, in the order of the standard.
pub const FILES: [&str; 21] = [
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics", "enrollments", "lineItemLearningObjectiveIds", "lineItems",
    "lineItemScoreScales", "orgs", "resources", "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles", "userResources", "users",
];

/// What a column may be called besides: it stood in an earlier text of the version.
pub const FORMER: [&str; 1] = ["resourceSourcedIds"];

/// A grade, as the standard calls it.
pub fn grade(grade: i16) -> String {
    match grade {
        ..=0 => "KG".to_owned(),
        grade => format!("{grade:02}"),
    }
}
