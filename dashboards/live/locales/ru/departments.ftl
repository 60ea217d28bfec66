# Страница отдела образования, управления, министерства.
departments-nav = Школы
departments-sub = Сводные показатели подведомственных школ. Данных об отдельных людях здесь нет. Подсчёт обновляется каждые пять минут.
departments-name = Организация
departments-schools = Школы
departments-pupils = Учащиеся
departments-staff = Сотрудники
departments-share = Родители с подключённым телефоном, %
departments-passes = Проходы сегодня
departments-devices = Устройства
departments-offline = Устройства без связи
departments-late = Опоздавшие уведомления
departments-few = менее 5
departments-few-hint = «Менее 5» – точное число не показано, чтобы нельзя было узнать человека.
departments-count-schools = { $count ->
    [one] { $count } школа
    [few] { $count } школы
   *[many] { $count } школ
 }
departments-percent = { $share } %
departments-of = { $some } / { $all }
departments-search = Школа или район
departments-sort = Порядок
departments-sort-worst = Сначала те, где нужно внимание
departments-sort-name = По названию
departments-sort-pupils = Сначала крупные
departments-show = Показать
departments-nothing-title = Школы не найдены
departments-nothing-body = Измените поиск. Если школы ещё не закреплены, напишите поставщику.
