# The audit trail: who, in which role, read or changed whose data.
nav-trail = Audit
nav-my-trail = Who looked
trail-title = Audit trail
trail-sub = Who read and who changed personal data: in which role, when, from where.
trail-export = Export to Excel
trail-search-who = Who did it: name
trail-search-whose = Whose data: name
trail-action = Action
trail-all-actions = All actions
trail-from = From
trail-to = To
trail-show = Show
trail-column-at = When
trail-column-who = Who
trail-column-role = Role
trail-column-action = What was done
trail-column-whose = Whose data
trail-column-where = From where
trail-column-reason = Why
trail-nothing-title = No rows found
trail-nothing-body = There are no such rows on these days. Change the days or the search.
trail-whose-class = List of class { $class }
trail-whose-school = List of the whole school
trail-whose-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
 }
trail-whose-more = { $count ->
    [one] { $names } and { $count } more person
   *[other] { $names } and { $count } more people
 }
trail-kept = { $months ->
    [one] Rows are kept for { $months } month.
   *[other] Rows are kept for { $months } months.
 }
trail-chain-sound = The rows are unchanged
trail-chain-broken = The chain of rows is broken
trail-chain-none = No row is chained yet
trail-chain-upto = Checked up to row { $number }, { $at }.
trail-chain-waiting = { $count ->
    [one] { $count } row waits to be chained.
   *[other] { $count } rows wait to be chained.
 }
trail-chain-advice = Tell the supplier: a part of the trail was changed or deleted.
trail-my-title = Who looked at my child’s data
trail-my-sub = Which staff opened or changed your child’s data. What you did yourself is not shown.
trail-my-nothing-title = Nobody has looked yet
trail-my-nothing-body = When somebody opens your child’s data, it is written down here.
trail-my-nobody-body = When the school has named you as a guardian, rows appear here.
trail-my-in-list = { $count ->
    [one] { $names }: in a list of { $count } person
   *[other] { $names }: in a list of { $count } people
 }
trail-my-in-class = In a list of the class
trail-my-in-school = In a list of the whole school
trail-my-lists-show = Show also when lists of the whole school were opened
trail-my-lists-hide = Hide lists of the whole school
trail-my-complain = If a row is not clear to you, tell the school’s administrator its time: they find the person.

trail-role-signed-in = Signed-in person
trail-role-own = A role of the school’s own

trail-action-people-list-pupils = Saw the list of pupils
trail-action-people-find = Saw among the results of a search
trail-action-people-see-pupil = Opened a pupil’s page
trail-action-people-enrol = Took a pupil in
trail-action-people-see-transfer = Opened the page of a transfer
trail-action-people-release = Gave a transfer slip
trail-action-people-cancel-release = Took a transfer slip back
trail-action-people-accept = Accepted a pupil from another school
trail-action-people-transfer-out = The pupil was transferred to another school
trail-action-people-set-day = Marked a day of the school’s own
trail-action-people-remove-day = Removed a day of the school’s own
trail-action-people-set-norm = Changed how the school works
trail-action-people-see-class = Saw the list of a class
trail-action-people-export-class = Exported the list of a class
trail-action-people-add-class = Opened a class
trail-action-people-change-class = Changed a class
trail-action-people-close-class = Closed a class
trail-action-people-see-movement = Saw a pupil’s movement
trail-action-people-change-pupils-class = Moved a pupil to another class
trail-action-people-leave = Let a pupil go
trail-action-people-come-back = Took a pupil in again
trail-action-people-undo-movement = Took a pupil’s movement back
trail-action-people-list-movement = Saw the movement book
trail-action-people-export-movement = Exported the movement book
trail-action-people-list-alphabet = Saw the alphabetical book
trail-action-people-export-alphabet = Exported the alphabetical book
trail-action-people-see-order = Opened an order
trail-action-people-see-rollover = Opened the page of the next school year
trail-action-people-roll-over = Took the school into the next year
trail-action-people-undo-rollover = Took the next year back
trail-action-people-add-guardian = Named a guardian
trail-action-people-see-passport = Saw the social passport
trail-action-people-list-social = Saw the list of pupils by category
trail-action-people-export-social = Exported the list of pupils by category
trail-action-people-list-imports = Saw the lists brought in
trail-action-people-see-import = Looked at a list to bring in
trail-action-people-export-import-errors = Exported the remarks of a list
trail-action-people-export-register = Exported the register of pupils
trail-action-people-see-roster = Opened the OneRoster exchange
trail-action-people-order-roster = Ordered a OneRoster file
trail-action-people-fetch-roster = Downloaded a OneRoster file
trail-action-people-see-national = Looked at the export for the national database
trail-action-people-order-national = Ordered a file for the national database
trail-action-people-fetch-national = Downloaded a file for the national database
trail-action-people-read-import = Had a list read
trail-action-people-make-classes = Opened classes for a list
trail-action-people-bring-in = Had a list brought in
trail-action-people-brought-in = A list was brought in
trail-action-people-take-back = Had a list taken back
trail-action-people-taken-back = A list was taken back
trail-action-people-discard-import = Threw a list away
trail-action-identity-grant-roles = Gave roles by a list
trail-action-identity-print-sheet = Downloaded a sheet with logins as PDF
trail-action-people-list-staff = Saw the list of staff
trail-action-people-export-staff = Exported the list of staff
trail-action-people-see-staff-card = Opened an employee’s card
trail-action-people-see-staff-forecast = Saw the retirement forecast
trail-action-people-hire = Took an employee on
trail-action-people-add-staff-line = Added a line to an employee’s card
trail-action-people-end-staff-line = Ended a line of an employee’s card
trail-action-people-strike-staff-line = Struck out a line of an employee’s card
trail-action-people-dismiss = Dismissed an employee
trail-action-people-change-card = Changed a card
trail-action-people-see-card = Opened a card to change it
trail-action-people-see-card-history = Opened the history of a card
trail-action-people-see-guardian = Opened a guardian’s card
trail-action-people-see-family = Opened the page of a pupil’s family
trail-action-people-change-kinship = Changed a kinship
trail-action-people-end-kinship = Ended a guardianship
trail-action-people-see-iin = Saw a whole IIN
trail-action-people-set-iin = Wrote an IIN down
trail-action-people-remove-iin = Removed an IIN
trail-action-live-see-home = Saw the school’s day
trail-action-live-see-presence = Saw who is at school
trail-action-live-see-stream = Saw the stream of passes
trail-action-live-export-stream = Exported the stream of passes to Excel
trail-action-live-watch-school = Watched passes live
trail-action-app-see-children = Saw their child’s day
trail-action-app-see-history = Saw their child’s earlier days
trail-action-app-watch-children = Watched their child live
trail-action-delivery-see-log = Saw the delivery log of notices
trail-action-delivery-see-inbox = Read their notices
trail-action-delivery-see-switches = Opened the notice settings
trail-action-delivery-switch = Changed the notice settings
trail-action-fleet-see-arrivals = Saw cards and events while connecting a terminal
trail-action-fleet-register = Registered a device
trail-action-fleet-rename = Renamed a device
trail-action-fleet-renew-password = Renewed a device’s password
trail-action-fleet-retire = Retired a device
trail-action-trail-read = Saw the audit trail
trail-action-trail-export = Exported the audit trail to Excel
trail-action-identity-sign-in = Signed in
trail-action-identity-sign-out = Signed out
trail-action-people-see-health = Opened a pupil’s health records
trail-action-people-see-social = Opened a pupil’s social records
trail-action-people-see-psychology = Opened the psychologist’s notes about a pupil
trail-action-people-see-confidential-form = Filled in a confidential record
trail-action-people-write-health-record = Wrote a health record
trail-action-people-write-social-record = Wrote a social record
trail-action-people-write-psychology-record = Wrote a psychologist’s note
trail-action-people-count-confidential = Saw how many confidential records there are
trail-action-consents-say = Gave or withdrew a consent
trail-action-consents-see-own = Saw the consents of their children
trail-action-consents-list = Saw the list of consents
trail-action-consents-export = Exported the list of consents to Excel
trail-action-consents-see-sheet = Opened a pupil’s consents
trail-action-consents-see-scan = Opened the scan of a consent
trail-action-consents-print-blank = Opened consent forms to print
trail-action-vault-rotate = Renewed the key of confidential records
trail-action-people-add-photo = Added a pupil’s photo
trail-action-people-remove-photo = Removed a pupil’s photo
trail-action-people-see-photo-full = Opened a pupil’s photo
trail-action-people-see-photo-small = Saw a pupil’s photo in a list
trail-action-people-see-photo-form = Opened the page of a pupil’s photo
trail-action-erasure-list-leavers = Saw the list of leavers
trail-action-erasure-preview = Looked at what would be erased
trail-action-erasure-see-act = Opened an act of erasure
trail-action-erasure-order = Ordered an erasure
trail-action-erasure-finish = A leaver’s data were erased
