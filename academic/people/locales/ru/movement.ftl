# Movement of pupils: the book, its acts and refusals.
refused-movement-class-closed-title = В этот класс принять нельзя
refused-movement-class-closed-body = Класс закрыт или не этой школы. Выберите открытый класс.
refused-movement-already-here-title = В этот день ученик числится в классе
refused-movement-already-here-body = Ученик сейчас в классе этой школы или был в нём в этот день. Выберите более поздний день или переведите в другой класс.
refused-movement-followed-title = Отменить нельзя
refused-movement-followed-body = После этого было другое изменение или прошли сутки. Сделайте новое изменение.
refused-movement-not-here-title = Ученик не числится в классе
refused-movement-not-here-body = Сейчас ученик не в классе этой школы. Обновите страницу и проверьте.
refused-movement-too-early-title = Дата слишком ранняя
refused-movement-too-early-body = Дата не может быть раньше первого дня в нынешнем классе.
refused-movement-same-class-title = Ученик уже в этом классе
refused-movement-same-class-body = Выберите другой класс.
