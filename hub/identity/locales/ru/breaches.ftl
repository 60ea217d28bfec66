# Реестр инцидентов с персональными данными: часы, кого касается, письмо в уполномоченный орган.
nav-breaches = Инциденты с данными
breaches-title = Инциденты с персональными данными
breaches-sub = Если данные украдены, потеряны или стали видны чужому, уполномоченный орган извещают в течение одного рабочего дня.
breaches-new = Зарегистрировать инцидент
breaches-new-sub = С регистрации идёт отсчёт срока. Регистрируйте, даже если известно не всё: дополнить можно потом.
breaches-search = Поиск
breaches-find = Найти
breaches-state = Состояние
breaches-state-all = Все
breaches-state-open = Открытые
breaches-state-closed = Закрытые
breaches-none-title = Инцидентов нет
breaches-none-body = Если случится инцидент с персональными данными, зарегистрируйте его здесь сразу.
breaches-not-found-title = Ничего не найдено
breaches-not-found-body = Измените слова поиска или состояние.
breaches-number = Инцидент № { $number }
breaches-column-number = Номер
breaches-column-detected = Обнаружен
breaches-column-happened = Что случилось
breaches-column-people = Затронуто людей
breaches-column-clock = Срок
breaches-column-due = Известить до
breaches-column-school = Школа
breaches-column-person = Имя
breaches-column-born = Дата рождения
breaches-column-iin = ИИН
breaches-column-phone = Телефон
breaches-column-class = Класс
breaches-column-guardians = Родители
breaches-column-told = Извещён
breaches-clock-in-time = Извещено в срок
breaches-clock-late = Извещено с опозданием
breaches-clock-closed = Закрыт без извещения
breaches-clock-left = Осталось { $hours } ч { $minutes } мин
breaches-clock-over = Просрочено на { $hours } ч { $minutes } мин
breaches-day = День обнаружения
breaches-time = Время
breaches-happened = Что случилось
breaches-happened-hint = Какие данные, как и кому стали известны. Паролей не пишите.
breaches-contact = Ответственное лицо
breaches-contact-hint = Имя, телефон, электронная почта: с ним свяжется уполномоченный орган.
breaches-register = Зарегистрировать
breaches-field-day = Момент обнаружения не может быть в будущем или раньше, чем год назад.
breaches-field-happened = Напишите текст, не длиннее 4000 знаков.
breaches-field-contact = Укажите ответственное лицо, не длиннее 300 знаков.
breaches-field-letter = Укажите номер письма одной строкой.
breaches-field-reported = Извещение не может быть раньше обнаружения и позже текущего момента.
breaches-field-conclusion = Напишите вывод, не длиннее 4000 знаков.
breaches-field-login = Укажите логин и оба дня; последний день не раньше первого.
breaches-done-registered = Инцидент зарегистрирован, срок пошёл.
breaches-done-written = Записано.
breaches-done-people = Добавлено в список.
breaches-done-nobody = Новых людей не нашлось.
breaches-done-removed = Убрано из списка.
breaches-done-reported = Отмечено: уполномоченный орган извещён.
breaches-done-told = Отмечено: люди из списка извещены.
breaches-done-closed = Инцидент закрыт.
breaches-done-reopened = Инцидент снова открыт.
breaches-is-closed = Инцидент закрыт. Если появилось новое, откройте его снова.
breaches-reported = Извещено
breaches-report-title = Известить уполномоченный орган
breaches-report-hint = Распечатайте письмо, приложите список, отправьте и впишите сюда номер письма.
breaches-report-day = День извещения
breaches-report-letter = Номер и дата письма
breaches-report = Отметить извещение
breaches-steps = Что выяснено и что сделано
breaches-step-finding = Выяснено
breaches-step-measure = Принята мера
breaches-step-people-added = { $count ->
    [one] Добавлен { $count } человек
    [few] Добавлено { $count } человека
   *[many] Добавлено { $count } человек
  }
breaches-step-people-removed = { $count ->
    [one] Убран { $count } человек
    [few] Убрано { $count } человека
   *[many] Убрано { $count } человек
  }
breaches-step-reported = Извещён уполномоченный орган
breaches-step-people-told = { $count ->
    [one] Извещён { $count } человек
    [few] Извещено { $count } человека
   *[many] Извещено { $count } человек
  }
breaches-step-closed = Закрыт
breaches-step-reopened = Открыт снова
breaches-kind = Вид записи
breaches-kind-measure = Принятая мера
breaches-kind-finding = Что выяснено
breaches-text = Текст
breaches-write = Добавить
breaches-people = Кого касается: { $count }, из них извещено { $told }
breaches-people-none = Список пуст. Добавьте ниже класс, человека или всех, чьи данные видел чей-то логин.
breaches-not-told = Ещё нет
breaches-remove = Убрать
breaches-tell = Отметить, что все извещены
breaches-tell-ask = { $count ->
    [one] Будет отмечен { $count } человек. Отметку нельзя снять. Продолжить?
    [few] Будет отмечено { $count } человека. Отметку нельзя снять. Продолжить?
   *[many] Будет отмечено { $count } человек. Отметку нельзя снять. Продолжить?
  }
breaches-add-title = Добавить тех, кого касается
breaches-add-class = Класс
breaches-add-school = Вся школа
breaches-add = Добавить
breaches-add-name = Имя или класс
breaches-nobody-found = Такого человека нет.
breaches-listed = Уже в списке
breaches-add-seen-hint = Если чей-то логин попал в чужие руки: по журналу аудита добавятся все, чьи данные этот логин видел или менял.
breaches-add-login = Логин
breaches-add-from = С какого дня
breaches-add-until = По какой день
breaches-close-title = Закрыть инцидент
breaches-conclusion = Вывод
breaches-conclusion-hint = Причина, последствия, что сделано, чтобы не повторилось.
breaches-close = Закрыть
breaches-reopen = Открыть снова
breaches-export = Список в Excel
breaches-letter = Письмо в уполномоченный орган
breaches-letter-sub = Распечатайте и подпишите. Список приложите отдельным файлом.
breaches-letter-title = Уведомление о нарушении безопасности персональных данных
breaches-letter-basis = Уведомляем согласно Закону от 21 мая 2013 года № 94-V «О персональных данных и их защите» и приказу от 9 августа 2024 года № 481/НҚ.
breaches-letter-measures = Принятые меры
breaches-letter-no-measures = Меры определяются.
breaches-letter-people = { $count ->
    [one] { $count } человек, список прилагается
    [few] { $count } человека, список прилагается
   *[many] { $count } человек, список прилагается
  }
breaches-letter-sign = Подпись руководителя
breaches-watch-sub = Открытые инциденты всех школ, сверху те, где осталось меньше времени. Тексты и людей видит только сама школа.
breaches-watch-none-body = Сейчас ни в одной школе нет открытых инцидентов.
right-breaches-keep = Вести реестр инцидентов с персональными данными
refused-breaches-closed-title = Инцидент закрыт
refused-breaches-closed-body = Чтобы изменить его, сначала откройте его снова.
trail-action-breaches-register = Регистрация инцидента с данными
trail-action-breaches-list = Просмотр реестра инцидентов с данными
trail-action-breaches-see = Просмотр инцидента с данными
trail-action-breaches-export = Выгрузка списка инцидента в Excel
trail-action-breaches-letter = Просмотр письма об инциденте
trail-action-breaches-add-finding = Запись о выясненном по инциденту
trail-action-breaches-add-measure = Запись о мере по инциденту
trail-action-breaches-add-people = Добавление людей в инцидент
trail-action-breaches-remove-person = Исключение человека из инцидента
trail-action-breaches-report = Извещение уполномоченного органа об инциденте
trail-action-breaches-tell-people = Извещение людей об инциденте
trail-action-breaches-close = Закрытие инцидента с данными
trail-action-breaches-reopen = Повторное открытие инцидента с данными
