# Telegram: a chat with the bot, linked by a code
links-telegram = Telegram
links-about = Уведомления могут приходить сообщениями нашего бота. Кроме Telegram, ничего устанавливать не нужно.
links-connect = Подключить Telegram
links-privacy = Тексты проходят через серверы Telegram за границей: имя ребёнка, время и место. Если вы этого не хотите, не подключайте.
links-code-title = Подключение Telegram
links-step-open = Нажмите кнопку: откроется Telegram с нашим ботом.
links-step-start = Нажмите там «Старт».
links-step-done = Бот ответит, что чат подключён.
links-open = Открыть Telegram
links-by-hand = Если Telegram на другом телефоне, найдите там @{ $bot } и отправьте ему этот код:
links-copy = Скопировать
links-copied = Скопировано
links-code-lasts = Код действует один раз и 10 минут. Никому его не показывайте: кто отправит его боту, тот и получит ваши уведомления.
links-to-phones = Мои устройства
links-said-linked = Готово. Уведомления о ваших детях будут приходить сюда. Чтобы отключить их, отправьте /stop
links-said-stopped = Уведомления сюда больше не приходят. Подключить снова: { $page }
links-said-wrong-code = Этот код не действует: он уже использован или прошло 10 минут. Получите новый здесь: { $page }
links-said-help = Этот бот присылает уведомления школы. Код для него можно получить здесь: { $page }
    Чтобы отключить уведомления, отправьте /stop
refused-links-off-title = Telegram здесь не подключён
refused-links-off-body = Уведомления хранятся на странице «Уведомления».
