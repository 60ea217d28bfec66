# The page of a district's department, a region's administration, the ministry.
departments-nav = Schools
departments-sub = Sums of the schools below. There is nothing here of any single person. Counted every five minutes.
departments-name = Organisation
departments-schools = Schools
departments-pupils = Pupils
departments-staff = Staff
departments-share = Parents with a phone connected, %
departments-passes = Passes today
departments-devices = Devices
departments-offline = Devices offline
departments-late = Late notices
departments-few = fewer than 5
departments-few-hint = “Fewer than 5”: the number is not said, so that nobody is recognised.
departments-count-schools = { $count ->
    [one] { $count } school
   *[other] { $count } schools
 }
departments-percent = { $share } %
departments-of = { $some } / { $all }
departments-search = School or district
departments-sort = Order
departments-sort-worst = What needs attention first
departments-sort-name = By name
departments-sort-pupils = The largest first
departments-show = Show
departments-nothing-title = No schools found
departments-nothing-body = Change the search. If schools are not placed yet, write to the supplier.
