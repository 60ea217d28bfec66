# Telegram: a chat with the bot, linked by a code
links-telegram = Telegram
links-about = Notices can come as messages of our bot. Nothing has to be installed but Telegram.
links-connect = Connect Telegram
links-privacy = The texts pass through Telegram’s servers abroad: the child’s first name, the time and the place. Do not connect it if you do not want that.
links-code-title = Connect Telegram
links-step-open = Press the button: Telegram opens with our bot.
links-step-start = Press “Start” there.
links-step-done = The bot answers that the chat is connected.
links-open = Open Telegram
links-by-hand = If Telegram is on another phone, find @{ $bot } there and send it this code:
links-copy = Copy
links-copied = Copied
links-code-lasts = The code works once and for 10 minutes. Show it to nobody: who sends it to the bot gets your notices.
links-to-phones = My devices
links-said-linked = Done. Notices about your children will come here. To stop them, send /stop
links-said-stopped = Notices do not come here any more. To connect again: { $page }
links-said-wrong-code = This code does not work: it was used already, or 10 minutes are over. Get a new one here: { $page }
links-said-help = This bot brings notices of the school. Get a code for it here: { $page }
    To stop notices, send /stop
refused-links-off-title = Telegram is not connected here
refused-links-off-body = Notices are kept on the page “Notices”.
