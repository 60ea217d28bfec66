# Into the next year.
rollover-nav = Next school year
rollover-title = Into the next school year
rollover-last-grade = last grade: { $grade }
rollover-early = By the calendar the school year is not over. If you go on now, every pupil is in the next grade from today.
rollover-step-1 = Step 1: who stays
rollover-step-1-hint = Tick those who repeat the grade. All others go into the next one; the last grade finishes school.
rollover-who-stays = { $class }: who stays
rollover-class-count = { $count ->
    [one] { $count } pupil
   *[other] { $count } pupils
 }
rollover-leaves = finishes school
rollover-preview = See what will happen
rollover-step-2 = Step 2: what will happen
rollover-count-promoted = Go into the next grade: { $count }
rollover-count-repeating = Stay in the grade: { $count }
rollover-count-graduated = Finish school: { $count }
rollover-count-classes = Classes in the new year: { $count }
rollover-from = Now
rollover-to = Next year
rollover-promoted = Go on
rollover-repeating = Stay
rollover-graduated = Finish
rollover-back = Back
rollover-do = Go into the next year
rollover-done-done = The school is in the next year. The order stands in the book of orders.
rollover-done-undone = It was taken back; everything is as it was.
rollover-undo = Take it back
rollover-undo-hint = The school went into the next year. Within a day, while nothing else changes, that can be taken back.
rollover-none-title = No class is open
rollover-none-body = Open classes first.
refused-rollover-changed-title = The classes have changed
refused-rollover-changed-body = The classes changed since you looked. Open the page again and check.
refused-rollover-too-soon-title = It is too soon
refused-rollover-too-soon-body = The classes are of the next year already. Go on when that year has passed.
