people-nav-pupils = Pupils
people-pupils-title = Pupils
people-search = Surname, name or class
people-class = Class
people-all-classes = All classes
people-class-option = { $count ->
    [one] { $class } · { $count } pupil
   *[other] { $class } · { $count } pupils
 }
people-find = Find
people-name = Name
people-nobody-title = Nobody found
people-nobody-body = Try another search. You may type к for қ and а for ә.
people-birth-date = Date of birth
people-card = Card
people-guardians = Parents and legal representatives
people-no-guardians = Nobody is named yet.
people-kinship-mother = Mother
people-kinship-father = Father
people-kinship-grandparent = Grandparent
people-kinship-legal-representative = Legal representative
people-kinship-other = Other close person
people-field-surname = Write the surname in letters, up to 80 characters.
people-field-given-name = Write the name in letters, up to 80 characters.
people-field-patronymic = Write the patronymic in letters, up to 80 characters.
people-field-birth-date = Write the date as DD.MM.YYYY; it cannot be later than today.
people-field-class = Choose a class of this school.
people-organisation-title = Name of the organisation
people-organisation-back = Logins and roles
people-organisation-sub = The name is seen on pages, on printed sheets and in notices to parents.
people-organisation-kk = Name in Kazakh
people-organisation-ru = Name in Russian
people-organisation-en = Name in English
people-organisation-code = Code in the address (never changes)
people-organisation-save = Save
people-organisation-saved = Saved.
people-field-organisation = Write a name of 2 to 200 characters.
people-card-block = Block the card
