# Movement of pupils: the book, its acts and refusals.
refused-movement-class-closed-title = This class takes nobody in
refused-movement-class-closed-body = The class is closed, or belongs to another school. Choose an open class.
refused-movement-already-here-title = The pupil is in a class on that day
refused-movement-already-here-body = The pupil is in a class of this school now, or was on that day. Choose a later day, or move them to another class.
refused-movement-followed-title = It cannot be taken back
refused-movement-followed-body = Something else followed, or a day has passed. Make a new change instead.
refused-movement-not-here-title = The pupil is in no class
refused-movement-not-here-body = The pupil is in no class of this school now. Reload the page and look again.
refused-movement-too-early-title = The date is too early
refused-movement-too-early-body = It cannot be before the first day in the present class.
refused-movement-same-class-title = The pupil is in this class already
refused-movement-same-class-body = Choose another class.
