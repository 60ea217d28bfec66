people-nav-pupils = Ученики
people-pupils-title = Ученики
people-search = Фамилия, имя или класс
people-class = Класс
people-all-classes = Все классы
people-class-option = { $count ->
    [one] { $class } · { $count } ученик
    [few] { $class } · { $count } ученика
   *[many] { $class } · { $count } учеников
 }
people-find = Найти
people-name = Имя
people-nobody-title = Никто не найден
people-nobody-body = Попробуйте искать иначе. Вместо «қ» можно писать «к», вместо «ә» — «а».
people-birth-date = Дата рождения
people-card = Карта
people-guardians = Родители и законные представители
people-no-guardians = Пока никто не указан.
people-kinship-mother = Мать
people-kinship-father = Отец
people-kinship-grandparent = Бабушка или дедушка
people-kinship-legal-representative = Законный представитель
people-kinship-other = Другой близкий человек
people-field-surname = Напишите фамилию буквами, до 80 знаков.
people-field-given-name = Напишите имя буквами, до 80 знаков.
people-field-patronymic = Напишите отчество буквами, до 80 знаков.
people-field-birth-date = Напишите дату как ДД.ММ.ГГГГ; она не может быть позже сегодняшней.
people-field-class = Выберите класс этой школы.
people-organisation-title = Название организации
people-organisation-back = Логины и роли
people-organisation-sub = Название видно на страницах, на распечатках и в уведомлениях родителям.
people-organisation-kk = Название на казахском
people-organisation-ru = Название на русском
people-organisation-en = Название на английском
people-organisation-code = Код в адресе (не меняется)
people-organisation-save = Сохранить
people-organisation-saved = Сохранено.
people-field-organisation = Напишите название: от 2 до 200 знаков.
people-card-block = Заблокировать карту
