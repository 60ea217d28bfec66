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
notice-request_answered-name = Ответ на просьбу
notice-request_answered-title = { $child }: школа ответила на вашу просьбу
notice-request_answered-body = Принято: { $accepted }, не принято: { $refused }
notice-gathered-title = { $count ->
    [one] { $count } новое уведомление
    [few] { $count } новых уведомления
   *[many] { $count } новых уведомлений
 }
notice-gathered-body = Все они на странице «Уведомления».
notice-not_arrived-name = Не пришёл в школу
notice-not_arrived-title = { $child }: в школу не пришёл(ла)
notice-not_arrived-body = { $date }. Занятия начались в { $time }, прохода через вход не было. Если знаете причину, сообщите школе

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
inbox-nothing-own-body = Когда школа отправит вам объявление, оно сохранится здесь.
inbox-oneself = Для меня
inbox-about = О ком
inbox-all-about = Обо всех
inbox-nobody-body = Когда школа запишет за вами ребёнка, уведомления появятся здесь.

# Переключатели
switches-title = Настройка уведомлений
switches-sub = Выберите, какие уведомления куда приходят. Выключенные всё равно сохраняются на странице «Уведомления».
switches-kind = Уведомление
switches-way-phone = Телефон
switches-way-telegram = Telegram
switches-way-mail = Почта
switches-box = { $kind }: { $way }
switches-no-phone = Телефон для уведомлений ещё не подключён.
switches-no-telegram = Telegram ещё не подключён.
switches-no-mail = Уведомления на почту ещё не подключены.
switches-save = Сохранить
switches-saved = Сохранено
switches-oneself = Для меня
switches-nobody-title = За вами не записан ни один ребёнок
switches-nobody-body = Когда школа запишет за вами ребёнка, настройки появятся здесь.

# Тихие часы
hours-title = Тихие часы
hours-sub = В это время телефон не беспокоят. Ничего не пропадает: когда тихие часы закончатся, всё придёт одним уведомлением, а устаревшее останется на странице «Уведомления».
hours-from = С какого времени
hours-to = До какого времени
hours-alarms = Срочные уведомления
hours-alarms-pass = Приходят и в тихие часы
hours-alarms-wait = Тоже ждут
hours-digest = Сводка за день
hours-digest-hint = То, что рассылают многим, приходит вместе один раз в день, в выбранное вами время.
hours-digest-at = Время сводки
hours-field-time = Напишите время в виде 22:00.
hours-field-both = Укажите оба времени или оставьте оба пустыми.
hours-field-same = Начало и конец не должны совпадать.

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
log-sent-for-several = Отправлено одно за несколько: принято службой уведомлений телефона
log-quiet = Тихие часы: к их концу устареет, только на странице уведомлений
log-collapsed = Отправлено вместе с другими, которые ждали, одним уведомлением
log-held = Тихие часы или сводка, ждёт до:
log-waited = Ждало до:
log-expired = Устарело, не отправлено
log-given-up = Вовремя не доставлено: только на странице уведомлений
log-replayed = Поддержка отправила снова:
log-unregistered = Приложение удалено с этого телефона
log-unregistered-telegram = Родитель заблокировал бота в Telegram
log-unregistered-mail = Письма на адрес родителя не доходят
log-by-mail = Электронная почта
log-by-app = Приложение на телефоне
log-by-browser = Браузер
log-by-telegram = Telegram
log-refused = Служба уведомлений не приняла
log-other = Итог, которого эта версия не знает
log-again = Будет отправлено снова:
log-under-way = Отправляется

phones-field-channel = Такого канала нет.
phones-field-token = Неверный знак телефона.
notice-card_blocked-name = Карта заблокирована
notice-card_blocked-title = { $child }: карта заблокирована
notice-card_blocked-body = { $date } { $time }. Всё, что сделано по этой карте, больше не засчитывается ребёнку
notice-card_unblocked-name = Карта разблокирована
notice-card_unblocked-title = { $child }: карта снова действует
notice-card_unblocked-body = { $date } { $time }. Блокировка снята
notice-blocked_card_used-name = Кто-то воспользовался заблокированной картой
notice-blocked_card_used-title = { $child }: заблокированной картой воспользовались
notice-blocked_card_used-body = { $date } { $time }, { $place }. У кого карта, неизвестно. Проверьте, в школе ли ребёнок
notice-devices_still-name = Устройства стоят
notice-devices_still-title = { $schools ->
    [1] { $school }: стоит устройств – { $devices }
   *[other] Стоит устройств – { $devices }, школ – { $schools }
}
notice-devices_still-body = { $left ->
    [0] Не работают уже { $hours } ч. 48 часов истекли.
   *[other] Не работают уже { $hours } ч. До 48 часов осталось { $left } ч.
}
