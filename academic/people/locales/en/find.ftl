find-nav = Search
find-title = Search
find-sub = A pupil, a class or a page
find-label = Surname, name, class or title of a page
find-pupils = Pupils
find-classes = Classes
find-staff = Staff
find-guardians = Guardians
find-pages = Pages
find-class = Class { $class }
find-nothing-title = Nothing found
find-nothing-body = Try writing it differently. You may type к for қ and а for ә.
find-count = { $count ->
    [0] Nothing found
    [one] { $count } result
   *[other] { $count } results
 }
