lists-iin = IIN
lists-sex = Sex
lists-guardians = Guardians
lists-guardians-title = Guardians
lists-no-pupils-yet = There are no pupils yet. Bring the list in from Excel, or take the first pupil in.
lists-show-all = Show everybody
lists-all-grades = All grades
lists-any = All
lists-nothing-asked = Anything
lists-missing = What is missing
lists-missing-guardian = No guardian
lists-missing-iin = No IIN
lists-missing-birth-date = No date of birth
lists-missing-sex = No sex
lists-missing-phone = No phone
lists-birthday = Birthday
lists-birthday-week = Within 7 days
lists-no-guardian = Nobody
lists-is-written = Written down
lists-is-missing = Missing
lists-move = Move to another class
lists-move-sub = One order is issued; within a day all of it can be taken back.
lists-move-class = Into which class
lists-move-do = Move
lists-move-who = Who is moved
lists-moved = The pupils were moved to this class.
lists-undone = The move was taken back.
lists-field-too-early = One of the chosen came to the present class after that. Give a later date.
lists-invite = Print codes for guardians
lists-invite-ask = Codes printed before will stop working. Print new ones?
refused-people-nobody-chosen-title = Nobody is chosen
refused-people-nobody-chosen-body = Go back to the list and tick rows, or choose “Everybody who matches the filter”.
refused-people-too-many-chosen-title = Too many are chosen
refused-people-too-many-chosen-body = Codes are printed for 300 pupils at most at once. Choose a class or a grade.
lists-guardians-search = Name of the guardian or child, or phone
lists-children = Children
lists-phone = Phone
lists-language = Language of messages
lists-account = Account
lists-account-none = No account
lists-account-invited = Code given
lists-account-new = Open, never signed in
lists-account-used = In use
lists-account-blocked = Blocked
lists-no-phone = Not written down
lists-guardians-none = Try another filter. Guardians are added on the pupil’s card.
lists-teacher = Class teacher
lists-teacher-none = None
lists-teacher-some = Named
lists-ends = Ends soon
lists-ends-category = Category (within 6 months)
lists-ends-post = Post (within 30 days)
lists-found-pupils = { $count ->
    [one] { $count } pupil found
   *[other] { $count } pupils found
 }
lists-move-title = { $count ->
    [one] Move { $count } pupil
   *[other] Move { $count } pupils
 }
lists-found-guardians = { $count ->
    [one] { $count } guardian found
   *[other] { $count } guardians found
 }
lists-found-staff = { $count ->
    [one] { $count } employee found
   *[other] { $count } employees found
 }
lists-language-kk = Kazakh
lists-language-ru = Russian
lists-language-en = English
lists-invite-guardians = Print codes
lists-to-account = Login and roles
