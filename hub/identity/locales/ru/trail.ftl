# Журнал аудита: кто, в какой роли, чьи данные видел или менял.
nav-trail = Аудит
nav-my-trail = Кто смотрел
trail-title = Журнал аудита
trail-sub = Кто смотрел и кто менял персональные данные: в какой роли, когда, откуда.
trail-export = Выгрузить в Excel
trail-search-who = Кто сделал: имя
trail-search-whose = Чьи данные: имя
trail-action = Действие
trail-all-actions = Все действия
trail-from = С даты
trail-to = По дату
trail-show = Показать
trail-column-at = Когда
trail-column-who = Кто
trail-column-role = Роль
trail-column-action = Что сделано
trail-column-whose = Чьи данные
trail-column-where = Откуда
trail-column-reason = Почему
trail-nothing-title = Записей не найдено
trail-nothing-body = За эти дни таких записей нет. Измените даты или поиск.
trail-whose-class = Список класса { $class }
trail-whose-school = Список всей школы
trail-whose-count = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
 }
trail-whose-more = { $count ->
    [one] { $names } и ещё { $count } человек
    [few] { $names } и ещё { $count } человека
   *[many] { $names } и ещё { $count } человек
 }
trail-kept = { $months ->
    [one] Записи хранятся { $months } месяц.
    [few] Записи хранятся { $months } месяца.
   *[many] Записи хранятся { $months } месяцев.
 }
trail-chain-sound = Записи не изменены
trail-chain-broken = Цепочка записей нарушена
trail-chain-none = В цепочке ещё нет записей
trail-chain-upto = Проверено до записи № { $number }, { $at }.
trail-chain-waiting = { $count ->
    [one] { $count } запись ждёт очереди.
    [few] { $count } записи ждут очереди.
   *[many] { $count } записей ждут очереди.
 }
trail-chain-advice = Сообщите поставщику услуги: часть журнала изменена или удалена.
trail-my-title = Кто смотрел данные моего ребёнка
trail-my-sub = Кто из сотрудников открывал или менял данные вашего ребёнка. Ваши собственные действия не показаны.
trail-my-nothing-title = Пока никто не смотрел
trail-my-nothing-body = Если кто-то откроет данные вашего ребёнка, это будет записано здесь.
trail-my-nobody-body = Когда школа укажет вас родителем, записи появятся здесь.
trail-my-in-list = { $count ->
    [one] { $names }: в списке из { $count } человека
    [few] { $names }: в списке из { $count } человек
   *[many] { $names }: в списке из { $count } человек
 }
trail-my-in-class = В списке класса
trail-my-in-school = В списке всей школы
trail-my-lists-show = Показать и открытия списков всей школы
trail-my-lists-hide = Скрыть списки всей школы
trail-my-complain = Если запись непонятна, назовите администратору школы её время: он найдёт сотрудника.

trail-role-signed-in = Вошедший в систему
trail-role-own = Собственная роль школы

trail-action-people-list-pupils = Просмотр списка учеников
trail-action-people-export-pupils = Выгрузил список учеников
trail-action-people-change-class-of-many = Перевёл нескольких учеников в другой класс
trail-action-people-undo-class-of-many = Отменил перевод нескольких учеников
trail-action-people-list-guardians = Смотрел список родителей
trail-action-people-export-guardians = Выгрузил список родителей
trail-action-people-find = Показ в результатах поиска
trail-action-people-see-pupil = Просмотр страницы ученика
trail-action-people-enrol = Приём ученика
trail-action-people-see-transfer = Открыл(а) страницу перевода
trail-action-people-release = Выдал(а) талон о переводе
trail-action-people-cancel-release = Отозвал(а) талон о переводе
trail-action-people-accept = Принял(а) ученика из другой школы
trail-action-people-transfer-out = Ученик переведён в другую школу
trail-action-people-set-day = Отметил(а) собственный день школы
trail-action-people-add-building = Добавил(а) здание
trail-action-people-change-building = Изменил(а) здание
trail-action-people-remove-day = Убрал(а) собственный день школы
trail-action-people-set-norm = Изменил(а) порядок школы
trail-action-people-see-class = Смотрел(а) список класса
trail-action-people-export-class = Выгрузил(а) список класса
trail-action-people-add-class = Открыл(а) класс
trail-action-people-change-class = Изменил(а) класс
trail-action-people-close-class = Закрыл(а) класс
trail-action-people-see-movement = Смотрел(а) движение ученика
trail-action-people-change-pupils-class = Перевёл(а) ученика в другой класс
trail-action-people-leave = Отчислил(а) ученика
trail-action-people-come-back = Снова принял(а) ученика
trail-action-people-undo-movement = Отменил(а) движение ученика
trail-action-people-list-movement = Смотрел(а) книгу движения
trail-action-people-export-movement = Выгрузил(а) книгу движения
trail-action-people-list-alphabet = Смотрел(а) алфавитную книгу
trail-action-people-export-alphabet = Выгрузил(а) алфавитную книгу
trail-action-people-see-order = Открыл(а) приказ
trail-action-people-see-rollover = Открыл(а) страницу перевода на следующий год
trail-action-people-roll-over = Перевёл(а) школу на следующий год
trail-action-people-undo-rollover = Отменил(а) перевод на следующий год
trail-action-people-add-guardian = Указание родителя
trail-action-people-see-passport = Увидел(а) социальный паспорт
trail-action-people-list-social = Увидел(а) список учеников по категориям
trail-action-people-export-social = Выгрузил(а) список учеников по категориям
trail-action-people-list-imports = Просмотр загрузок списков
trail-action-people-see-import = Просмотр загружаемого списка
trail-action-people-export-import-errors = Выгрузка замечаний к списку
trail-action-people-export-register = Выгрузка списка учеников
trail-action-people-see-roster = Просмотр страницы обмена OneRoster
trail-action-people-order-roster = Заказ файла OneRoster
trail-action-people-fetch-roster = Скачивание файла OneRoster
trail-action-people-see-national = Просмотр страницы выгрузки для НОБД
trail-action-people-order-national = Заказ файла для НОБД
trail-action-people-fetch-national = Скачивание файла для НОБД
trail-action-people-read-import = Чтение файла со списком
trail-action-people-make-classes = Открытие классов для списка
trail-action-people-bring-in = Запуск загрузки списка
trail-action-people-brought-in = Список загружен
trail-action-people-take-back = Запуск отмены загрузки
trail-action-people-taken-back = Загрузка списка отменена
trail-action-people-discard-import = Список отброшен
trail-action-identity-grant-roles = Выдача ролей по списку
trail-action-identity-print-sheet = Скачал(а) лист с логинами в PDF
trail-action-people-list-staff = Увидел(а) список сотрудников
trail-action-people-export-staff = Выгрузил(а) список сотрудников
trail-action-people-see-staff-card = Открыл(а) карточку сотрудника
trail-action-people-see-staff-forecast = Увидел(а) прогноз выхода на пенсию
trail-action-people-hire = Принял(а) сотрудника
trail-action-people-add-staff-line = Добавил(а) запись в карточку сотрудника
trail-action-people-end-staff-line = Завершил(а) запись в карточке сотрудника
trail-action-people-strike-staff-line = Вычеркнул(а) запись в карточке сотрудника
trail-action-people-dismiss = Уволил(а) сотрудника
trail-action-people-change-card = Изменил(а) карточку
trail-action-people-see-card = Открыл(а) карточку для изменения
trail-action-people-see-card-history = Открыл(а) историю карточки
trail-action-people-see-guardian = Открыл(а) карточку родителя
trail-action-people-see-family = Открыл(а) страницу семьи ученика
trail-action-people-change-kinship = Изменил(а) родство
trail-action-people-end-kinship = Прекратил(а) представительство
trail-action-people-ask-update = Сообщил(а) об изменении данных
trail-action-people-withdraw-update = Отозвал(а) обращение о данных
trail-action-people-answer-update = Ответил(а) на обращение об изменении данных
trail-action-people-see-own-updates = Просмотр своих данных и обращений
trail-action-people-list-updates = Просмотр списка обращений родителей
trail-action-people-see-update = Открыл(а) обращение родителя
trail-action-people-see-update-document = Скачал(а) документ обращения
trail-action-people-see-namesakes = Увидел(а) людей с похожим именем
trail-action-people-list-doubles = Просмотр списка двойных записей
trail-action-people-see-double = Сравнил(а) две записи
trail-action-people-merge = Объединил(а) две записи
trail-action-people-undo-merge = Отменил(а) объединение
trail-action-people-tell-apart = Отметил(а), что это два разных человека
trail-action-people-tell-alike = Снял(а) отметку о двух разных людях
trail-action-people-see-iin = Просмотр ИИН целиком
trail-action-people-set-iin = Запись ИИН
trail-action-people-remove-iin = Удаление ИИН
trail-action-live-see-home = Просмотр сегодняшнего дня школы
trail-action-live-see-presence = Просмотр: кто в школе
trail-action-live-see-stream = Просмотр потока проходов
trail-action-live-export-stream = Выгрузка потока проходов в Excel
trail-action-live-watch-school = Прямой показ проходов
trail-action-app-see-children = Просмотр дня своего ребёнка
trail-action-app-see-history = Просмотр прошлых дней своего ребёнка
trail-action-app-watch-children = Прямой показ своего ребёнка
trail-action-delivery-see-log = Просмотр журнала доставки уведомлений
trail-action-delivery-see-inbox = Чтение своих уведомлений
trail-action-delivery-see-switches = Просмотр настроек уведомлений
trail-action-delivery-switch = Изменение настроек уведомлений
trail-action-delivery-set-hours = Изменение тихих часов
trail-action-delivery-write-announcement = Написание объявления
trail-action-delivery-attach-file = Добавление файла к объявлению
trail-action-delivery-detach-file = Удаление файла из объявления
trail-action-delivery-delete-announcement = Удаление неотправленного объявления
trail-action-delivery-fetch-attachment = Скачивание файла объявления
trail-action-delivery-send-announcement = Отправка объявления
trail-action-delivery-remind-announcement = Напоминание об объявлении
trail-action-delivery-confirm-announcement = Подтверждение прочтения объявления
trail-action-delivery-see-announcement = Просмотр, кто прочёл объявление
trail-action-delivery-link-code = Запрос кода для подключения Telegram
trail-action-delivery-subscribe = Подключение устройства к уведомлениям
trail-action-delivery-unsubscribe = Отключение устройства от уведомлений
trail-action-delivery-replay = Повторная отправка недоставленных уведомлений
trail-action-fleet-see-arrivals = Просмотр карт и событий при подключении терминала
trail-action-fleet-register = Регистрация устройства
trail-action-fleet-rename = Переименование устройства
trail-action-fleet-renew-password = Обновление пароля устройства
trail-action-fleet-retire = Вывод устройства из работы
trail-action-trail-read = Просмотр журнала аудита
trail-action-trail-export = Выгрузка журнала аудита в Excel
trail-action-identity-sign-in = Вход в систему
trail-action-identity-sign-out = Выход из системы
trail-action-people-see-health = Просмотр записей о здоровье ученика
trail-action-people-see-social = Просмотр социальных записей об ученике
trail-action-people-see-psychology = Просмотр записей психолога об ученике
trail-action-people-see-confidential-form = Заполнение конфиденциальной записи
trail-action-people-write-health-record = Запись о здоровье
trail-action-people-write-social-record = Социальная запись
trail-action-people-write-psychology-record = Запись психолога
trail-action-people-count-confidential = Просмотр числа конфиденциальных записей
trail-action-consents-say = Согласие дано или отозвано
trail-action-consents-see-own = Просмотр согласий по своим детям
trail-action-consents-list = Просмотр списка согласий
trail-action-consents-export = Выгрузка списка согласий в Excel
trail-action-consents-see-sheet = Просмотр согласий ученика
trail-action-consents-see-scan = Просмотр скана согласия
trail-action-consents-print-blank = Печать бланков согласий
trail-action-vault-rotate = Замена ключа конфиденциальных записей
trail-action-people-add-photo = Добавление фотографии ученика
trail-action-people-remove-photo = Удаление фотографии ученика
trail-action-people-see-photo-full = Просмотр фотографии ученика
trail-action-people-see-photo-small = Просмотр фотографии ученика в списке
trail-action-people-see-photo-form = Просмотр страницы фотографии ученика
trail-action-erasure-list-leavers = Просмотр списка выбывших
trail-action-erasure-preview = Просмотр того, что будет удалено
trail-action-erasure-see-act = Просмотр акта об удалении
trail-action-erasure-order = Распоряжение удалить данные
trail-action-erasure-finish = Данные выбывшего удалены
trail-action-safety-tell-absence = Сообщил(а), что ребёнка не будет
trail-action-safety-enter-absence = Записал(а) сообщение по телефону
trail-action-safety-take-absence-back = Отозвал(а) сообщение об отсутствии
trail-action-safety-see-own-absences = Посмотрел(а) сообщения об отсутствии ребёнка
trail-action-safety-list-absences = Посмотрел(а) список отсутствующих
trail-action-safety-seek-absent = Искал(а) отсутствующего ученика
trail-action-safety-list-missing = Посмотрел(а) список не пришедших
trail-action-safety-set-arrivals = Изменил(а) время сообщений о не пришедших
trail-action-safety-see-own-card = Посмотрел(а) карту ребёнка
trail-action-safety-block-own-card = Заблокировал(а) карту на своей странице
trail-action-safety-undo-block = Сразу снял(а) свою блокировку карты
trail-action-safety-block-card = Заблокировал(а) карту в канцелярии
trail-action-safety-lift-block = Снял(а) блокировку карты
trail-action-safety-list-blocked-cards = Посмотрел(а) список заблокированных карт
trail-action-safety-seek-card = Искал(а) владельца карты
