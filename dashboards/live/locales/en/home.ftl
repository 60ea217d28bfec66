home-tasks = To do today
home-nothing-waits = Nothing waits for you. Below is what is opened most.
home-ways = Opened most
home-due = by { $date }
home-late = Late: { $count }
home-breaches = { $count ->
    [one] { $count } incident not reported to the authorised body
   *[other] { $count } incidents not reported to the authorised body
 }
home-updates = { $count ->
    [one] Answer { $count } request of a parent about changes
   *[other] Answer { $count } requests of parents about changes
 }
home-loginless = { $count ->
    [one] Give { $count } employee a login
   *[other] Give { $count } employees logins
 }
home-transfers = { $count ->
    [one] Accept { $count } pupil from another school
   *[other] Accept { $count } pupils from other schools
 }
home-imports-unfinished = { $count ->
    [one] Finish bringing in { $count } list
   *[other] Finish bringing in { $count } lists
 }
home-imports-left-out = { $count ->
    [one] Look at { $count } list with wrong lines left
   *[other] Look at { $count } lists with wrong lines left
 }
home-no-guardian = { $count ->
    [one] Name the guardians of { $count } pupil
   *[other] Name the guardians of { $count } pupils
 }
home-no-iin = { $count ->
    [one] Write down the IIN of { $count } pupil
   *[other] Write down the IIN of { $count } pupils
 }
home-birthdays = { $count ->
    [one] { $count } pupil has a birthday within 7 days
   *[other] { $count } pupils have a birthday within 7 days
 }
home-no-class-teacher = { $count ->
    [one] Name the class teacher of { $count } class
   *[other] Name the class teachers of { $count } classes
 }
home-rollover = Take the school into the next year
home-post-ends = { $count ->
    [one] The post of { $count } employee ends within a month
   *[other] The posts of { $count } employees end within a month
 }
home-category-ends = { $count ->
    [one] The category of { $count } employee ends within half a year
   *[other] The categories of { $count } employees end within half a year
 }
home-roles-end = { $count ->
    [one] A role of { $count } person ends within two weeks
   *[other] Roles of { $count } people end within two weeks
 }
home-not-invited = { $count ->
    [one] Give { $count } guardian a code for an account
   *[other] Give { $count } guardians codes for an account
 }
home-consents = { $count ->
    [one] Get the consents for { $count } pupil
   *[other] Get the consents for { $count } pupils
 }
home-blocked-cards = { $count ->
    [one] Give { $count } person a new card: theirs is blocked
   *[other] Give { $count } people new cards: theirs are blocked
 }
