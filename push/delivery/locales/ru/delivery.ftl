# Уведомления: одни и те же слова на телефоне, во входящих и на живой странице. Без родовых окончаний: пол ребёнка не известен.
notice-entered-name = Приход в школу
notice-entered-title = { $child }: приход в школу
notice-entered-body = { $date } { $time }, { $place }
notice-left-name = Уход из школы
notice-left-title = { $child }: уход из школы
notice-left-body = { $date } { $time }, { $place }
notice-meal-name = Питание
notice-meal-title = { $child }: питание в столовой
notice-meal-body = { $item }, { $price }. { $date } { $time }

# Входящие
nav-inbox = Уведомления
inbox-title = Уведомления
inbox-unread = { $count ->
    [one] { $count } непрочитанное уведомление
    [few] { $count } непрочитанных уведомления
   *[many] { $count } непрочитанных уведомлений
 }
inbox-to-switches = Настроить
inbox-read-all = Отметить все прочитанными
inbox-read = Прочитано
inbox-child = Ребёнок
inbox-all-children = Все дети
inbox-kind = Вид
inbox-all-kinds = Все виды
inbox-show = Показать
inbox-late = стало известно поздно
inbox-nothing-title = Уведомлений нет
inbox-nothing-body = Когда ребёнок придёт в школу, уйдёт или поест в столовой, уведомление сохранится здесь.
inbox-nobody-body = Когда школа запишет за вами ребёнка, уведомления появятся здесь.

# Переключатели
switches-title = Уведомления на телефон
switches-sub = Выберите, какие уведомления приходят на телефон. Выключенные тоже сохраняются на странице «Уведомления».
switches-save = Сохранить
switches-saved = Сохранено
switches-nobody-title = За вами не записан ни один ребёнок
switches-nobody-body = Когда школа запишет за вами ребёнка, настройки появятся здесь.

# Журнал доставки
nav-deliveries = Доставка
log-title = Доставка уведомлений
log-sub = Почему родителю пришло уведомление или почему не пришло.
log-search = Имя родителя, ребёнка или класс
log-day = День
log-recipient = Кому
log-notice = О чём
log-made = Создано
log-read = Прочитано:
log-phones = Доставка на телефон
log-attempts = { $count ->
    [one] { $count } попытка
    [few] { $count } попытки
   *[many] { $count } попыток
 }
log-unknown-person = Этот человек вам не виден
log-nothing-title = Уведомлений не найдено
log-nothing-body = В этот день уведомлений не было. Проверьте, читалась ли карта ученика и указан ли родитель.
log-search-first = Найдите имя или класс: хотя бы две буквы.
log-sent = Принято службой уведомлений телефона
log-switched-off = Родитель выключил этот вид: только на странице уведомлений
log-no-consent = Согласие на уведомления на телефон отозвано: только на странице уведомлений
log-no-phone = Нет подключённого телефона: только на странице уведомлений
log-late = Данные пришли поздно: телефон не беспокоили, есть на странице уведомлений
log-expired = Устарело, не отправлено
log-unregistered = Приложение удалено с этого телефона
log-refused = Служба уведомлений не приняла
log-other = Итог, которого эта версия не знает
log-again = Будет отправлено снова:
log-under-way = Отправляется

phones-field-channel = Такого канала нет.
phones-field-token = Неверный знак телефона.
