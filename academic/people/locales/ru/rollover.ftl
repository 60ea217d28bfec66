# Into the next year.
rollover-nav = Следующий учебный год
rollover-title = Перевод на следующий учебный год
rollover-last-grade = последний класс — { $grade }
rollover-early = По календарю учебный год ещё не закончился. Если перевести сейчас, все ученики с сегодняшнего дня будут в следующем классе.
rollover-step-1 = Шаг 1: кто остаётся
rollover-step-1-hint = Отметьте оставленных на повторное обучение. Остальные перейдут в следующий класс, последний класс окончит школу.
rollover-who-stays = { $class }: кто остаётся
rollover-class-count = { $count ->
    [one] { $count } ученик
    [few] { $count } ученика
   *[many] { $count } учеников
 }
rollover-leaves = оканчивает школу
rollover-preview = Посмотреть, что будет
rollover-step-2 = Шаг 2: что будет
rollover-count-promoted = Перейдут в следующий класс: { $count }
rollover-count-repeating = Останутся в классе: { $count }
rollover-count-graduated = Окончат школу: { $count }
rollover-count-classes = Классов в новом году: { $count }
rollover-from = Сейчас
rollover-to = В новом году
rollover-promoted = Перейдут
rollover-repeating = Останутся
rollover-graduated = Окончат
rollover-back = Назад
rollover-do = Перевести
rollover-done-done = Школа переведена на следующий год. Приказ — в книге приказов.
rollover-done-undone = Перевод отменён, всё как было.
rollover-undo = Отменить перевод
rollover-undo-hint = Перевод сделан. В течение суток, если больше ничего не менялось, его можно отменить.
rollover-none-title = Открытых классов нет
rollover-none-body = Сначала откройте классы.
refused-rollover-changed-title = Классы изменились
refused-rollover-changed-body = С тех пор как вы смотрели, классы изменились. Откройте страницу заново и проверьте.
refused-rollover-too-soon-title = Ещё рано
refused-rollover-too-soon-body = Классы уже переведены на следующий год. Дальше переводите, когда он пройдёт.
