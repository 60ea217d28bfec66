# The school year.
years-nav = Календарь
years-title = { $years } учебный год
years-today = Сегодня { $date }: { $what }
years-today-in-quarter = Сегодня { $date }, { $number }-я четверть: { $what }
years-is-outside = вне учебного года
years-is-break = каникулы
years-is-holiday = праздничный день
years-is-own-off = нерабочий день по решению школы
years-is-weekend = выходной
years-is-lessons = учебный день
years-quarter = { $count ->
    [one] { $number }-я четверть: { $from } – { $to }, { $count } учебный день
    [few] { $number }-я четверть: { $from } – { $to }, { $count } учебных дня
   *[many] { $number }-я четверть: { $from } – { $to }, { $count } учебных дней
 }
years-month = Месяц
years-span-year = Учебный год
years-span-autumn-break = Осенние каникулы
years-span-winter-break = Зимние каникулы
years-span-spring-break = Весенние каникулы
years-span-grade1-break = Дополнительные каникулы 1 класса
years-span-attestation-9 = Итоговая аттестация 9 (10) класса
years-span-attestation-11 = Итоговая аттестация 11 (12) класса
years-days-off = Праздничные дни
years-spans = Сроки
years-what = Что
years-days = Дни
years-basis = Основание
years-own = Собственные дни школы
years-own-none = Школа ничего не меняла. Запишите здесь день мороза, ремонта или перенесённых уроков.
years-own-off = Уроков нет
years-own-on = Уроки есть
years-day = День
years-reason = Причина
years-remove = Убрать
years-set-day-title = Добавить день, когда всё иначе
years-set-day = Добавить
years-norm-title = Порядок школы
years-last-grade = Последний класс
years-week-days = Учебных дней в неделе
years-save = Сохранить
years-done-day = День добавлен.
years-done-removed = День убран.
years-done-norm = Сохранено.
years-field-day = Выберите день этого учебного года.
years-field-taken = Об этом дне уже записано. Сначала уберите ту запись.
years-field-reason = Напишите причину, до 200 знаков.
years-field-norm = Выберите последний класс и число дней в неделе.
years-unknown-title = Календарь этого года ещё не известен
years-unknown-body = Он появится здесь после приказа министерства.
