# Social passport: how many pupils are of which category.
social-nav = Social passport
social-title = Social passport of the school
social-sub = Only those who learn here now are counted. Numbers below five are not said.
social-pupils = All pupils: { $pupils }
social-categories = Social categories
social-groups = Health groups
social-group = Group { $group }
social-no-group = Not written down
social-unchecked = { $act }, not checked yet
social-list-title = Pupils by category
social-days = Days
social-nobody-title = Nobody
social-nobody-body = A record is written on the pupil’s page, in its social part.
