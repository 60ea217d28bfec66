# Notices: the same words on the phone, in the inbox and on a live page.
notice-entered-name = Came to school
notice-entered-title = { $child } came to school
notice-entered-body = { $date } { $time }, { $place }
notice-left-name = Left school
notice-left-title = { $child } left school
notice-left-body = { $date } { $time }, { $place }
notice-meal-name = Had a meal
notice-meal-title = { $child } had a meal
notice-meal-body = { $item }, { $price }. { $date } { $time }
