find-nav = Поиск
find-title = Поиск
find-sub = Ученик, класс или страница
find-label = Фамилия, имя, класс или название страницы
find-pupils = Ученики
find-classes = Классы
find-staff = Сотрудники
find-guardians = Родители
find-pages = Страницы
find-class = Класс { $class }
find-nothing-title = Ничего не найдено
find-nothing-body = Попробуйте написать иначе. Казахские буквы можно заменять похожими: к вместо қ, а вместо ә.
find-count = { $count ->
    [0] Ничего не найдено
    [one] { $count } результат
    [few] { $count } результата
   *[other] { $count } результатов
 }
