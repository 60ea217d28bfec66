lists-iin = ИИН
lists-sex = Пол
lists-guardians = Родители
lists-guardians-title = Родители
lists-no-pupils-yet = Учеников пока нет. Загрузите список из Excel или примите первого ученика.
lists-show-all = Показать всех
lists-all-grades = Все параллели
lists-any = Все
lists-nothing-asked = Не важно
lists-missing = Чего не хватает
lists-missing-guardian = Не указаны родители
lists-missing-iin = Не записан ИИН
lists-missing-birth-date = Нет даты рождения
lists-missing-sex = Не указан пол
lists-missing-phone = Нет телефона
lists-birthday = День рождения
lists-birthday-week = В ближайшие 7 дней
lists-no-guardian = Не указаны
lists-is-written = Записан
lists-is-missing = Нет
lists-move = Перевести в другой класс
lists-move-sub = Будет издан один приказ; в течение суток всё можно вернуть.
lists-move-class = В какой класс
lists-move-do = Перевести
lists-move-who = Кого переводим
lists-moved = Ученики переведены в этот класс.
lists-undone = Перевод отменён.
lists-field-too-early = Кто-то из выбранных пришёл в нынешний класс позже. Укажите более позднюю дату.
lists-invite = Напечатать коды родителям
lists-invite-ask = Напечатанные раньше коды перестанут работать. Напечатать новые?
refused-people-nobody-chosen-title = Никто не выбран
refused-people-nobody-chosen-body = Вернитесь к списку и отметьте строки или выберите «Все, кто подходит под фильтр».
refused-people-too-many-chosen-title = Выбрано слишком много
refused-people-too-many-chosen-body = Коды печатаются не более чем для 300 учеников сразу. Выберите класс или параллель.
lists-guardians-search = Имя родителя или ребёнка, телефон
lists-children = Дети
lists-phone = Телефон
lists-language = Язык сообщений
lists-account = Кабинет
lists-account-none = Нет кабинета
lists-account-invited = Выдан код
lists-account-new = Открыт, ещё не входил
lists-account-used = Пользуется
lists-account-blocked = Заблокирован
lists-no-phone = Не записан
lists-guardians-none = Попробуйте изменить фильтр. Родителей добавляют в карточке ученика.
lists-teacher = Классный руководитель
lists-teacher-none = Нет
lists-teacher-some = Есть
lists-ends = Срок заканчивается
lists-ends-category = Категория (за 6 месяцев)
lists-ends-post = Должность (за 30 дней)
lists-found-pupils = { $count ->
    [one] Найден { $count } ученик
    [few] Найдено { $count } ученика
   *[many] Найдено { $count } учеников
 }
lists-move-title = { $count ->
    [one] Перевод { $count } ученика
   *[many] Перевод { $count } учеников
 }
lists-found-guardians = { $count ->
    [one] Найден { $count } родитель
    [few] Найдено { $count } родителя
   *[many] Найдено { $count } родителей
 }
lists-found-staff = { $count ->
    [one] Найден { $count } сотрудник
    [few] Найдено { $count } сотрудника
   *[many] Найдено { $count } сотрудников
 }
lists-language-kk = Казахский
lists-language-ru = Русский
lists-language-en = Английский
lists-invite-guardians = Напечатать коды
lists-to-account = Логин и роли
