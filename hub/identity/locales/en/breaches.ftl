# The register of incidents with personal data: the clock, those concerned, the letter to the authorised body.
nav-breaches = Data incidents
breaches-title = Incidents with personal data
breaches-sub = When data were stolen, lost or seen by a stranger, the authorised body is told within one work day.
breaches-new = Register an incident
breaches-new-sub = The clock runs from here on. Register even when not everything is known: more can be added later.
breaches-search = Search
breaches-find = Find
breaches-state = State
breaches-state-all = All
breaches-state-open = Open
breaches-state-closed = Closed
breaches-none-title = No incidents
breaches-none-body = When something happens to personal data, register it here at once.
breaches-not-found-title = Nothing found
breaches-not-found-body = Change the words or the state.
breaches-number = Incident No. { $number }
breaches-column-number = Number
breaches-column-detected = Noticed
breaches-column-happened = What happened
breaches-column-people = People concerned
breaches-column-clock = Clock
breaches-column-due = To be told by
breaches-column-school = School
breaches-column-person = Name
breaches-column-born = Born
breaches-column-iin = IIN
breaches-column-phone = Phone
breaches-column-class = Class
breaches-column-guardians = Guardians
breaches-column-told = Told
breaches-clock-in-time = Reported in time
breaches-clock-late = Reported late
breaches-clock-closed = Closed without a report
breaches-clock-left = { $hours } h { $minutes } min left
breaches-clock-over = Overdue by { $hours } h { $minutes } min
breaches-day = Day it was noticed
breaches-time = Time
breaches-happened = What happened
breaches-happened-hint = Which data, how, and to whom they became known. Write no passwords.
breaches-contact = Responsible person
breaches-contact-hint = Name, phone, e-mail: the authorised body will turn to them.
breaches-register = Register
breaches-field-day = It cannot have been noticed in the future or more than a year ago.
breaches-field-happened = Write a text of at most 4000 characters.
breaches-field-contact = Name the responsible person, in at most 300 characters.
breaches-field-letter = Give the number of the letter on one line.
breaches-field-reported = It was told after it was noticed and before now.
breaches-field-conclusion = Write a conclusion of at most 4000 characters.
breaches-field-login = Give a login and both days; the last not before the first.
breaches-done-registered = Registered; the clock runs.
breaches-done-written = Written down.
breaches-done-people = Added to the list.
breaches-done-nobody = Nobody new was found.
breaches-done-removed = Taken off the list.
breaches-done-reported = Noted that the authorised body was told.
breaches-done-told = Noted that the people on the list were told.
breaches-done-closed = Closed.
breaches-done-reopened = Open again.
breaches-is-closed = This incident is closed. Open it again if something new comes up.
breaches-reported = Reported
breaches-report-title = Tell the authorised body
breaches-report-hint = Print the letter, send it with the list, then write its number here.
breaches-report-day = Day it was told
breaches-report-letter = Number and date of the letter
breaches-report = Note the report
breaches-steps = What was found and done
breaches-step-finding = Found out
breaches-step-measure = Measure taken
breaches-step-people-added = { $count ->
    [one] { $count } person added
   *[other] { $count } people added
  }
breaches-step-people-removed = { $count ->
    [one] { $count } person taken off
   *[other] { $count } people taken off
  }
breaches-step-reported = The authorised body was told
breaches-step-people-told = { $count ->
    [one] { $count } person told
   *[other] { $count } people told
  }
breaches-step-closed = Closed
breaches-step-reopened = Opened again
breaches-kind = Kind of entry
breaches-kind-measure = Measure taken
breaches-kind-finding = What was found out
breaches-text = Text
breaches-write = Add
breaches-people = Concerned: { $count }, told: { $told }
breaches-people-none = The list is empty. Add a class, a person, or everybody whose data a login has seen.
breaches-not-told = Not yet
breaches-remove = Take off
breaches-tell = Note that all were told
breaches-tell-ask = { $count ->
    [one] { $count } person will be marked as told. This cannot be undone. Go on?
   *[other] { $count } people will be marked as told. This cannot be undone. Go on?
  }
breaches-add-title = Add those concerned
breaches-add-class = Class
breaches-add-school = The whole school
breaches-add = Add
breaches-add-name = Name or class
breaches-nobody-found = Nobody of that name.
breaches-listed = On the list
breaches-add-seen-hint = When a login got into wrong hands: everybody whose data that login read or changed is added, as the audit trail tells.
breaches-add-login = Login
breaches-add-from = From
breaches-add-until = To
breaches-close-title = Close the incident
breaches-conclusion = Conclusion
breaches-conclusion-hint = The cause, what came of it, what was done so that it does not happen again.
breaches-close = Close
breaches-reopen = Open again
breaches-export = List as Excel
breaches-letter = Letter to the authorised body
breaches-letter-sub = Print and sign it. Send the list with it as a file.
breaches-letter-title = Notice of a breach of the security of personal data
breaches-letter-basis = Given under Law No. 94-V of 21 May 2013 on personal data and their protection, and order No. 481/НҚ of 9 August 2024.
breaches-letter-measures = Measures taken
breaches-letter-no-measures = Measures are being decided.
breaches-letter-people = { $count ->
    [one] { $count } person, list attached
   *[other] { $count } people, list attached
  }
breaches-letter-sign = Signature of the head
breaches-watch-sub = Open incidents of all schools, the least time left first. Texts and people are seen by the school alone.
breaches-watch-none-body = No school has an open incident now.
right-breaches-keep = Keep the register of incidents with personal data
refused-breaches-closed-title = The incident is closed
refused-breaches-closed-body = Open it again before you change it.
trail-action-breaches-register = Registered a data incident
trail-action-breaches-list = Opened the register of data incidents
trail-action-breaches-see = Opened a data incident
trail-action-breaches-export = Exported the list of a data incident
trail-action-breaches-letter = Opened the letter about a data incident
trail-action-breaches-add-finding = Added a finding to a data incident
trail-action-breaches-add-measure = Added a measure to a data incident
trail-action-breaches-add-people = Added people to a data incident
trail-action-breaches-remove-person = Took somebody off a data incident
trail-action-breaches-report = Reported a data incident
trail-action-breaches-tell-people = Told people of a data incident
trail-action-breaches-close = Closed a data incident
trail-action-breaches-reopen = Opened a data incident again
