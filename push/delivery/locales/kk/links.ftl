# Telegram: a chat with the bot, linked by a code
links-telegram = Telegram
links-about = Хабарламаны біздің бот арқылы алуға болады. Telegram-нан басқа ештеңе орнатудың қажеті жоқ.
links-connect = Telegram-ды қосу
links-privacy = Мәтін Telegram-ның шетелдегі серверлері арқылы өтеді: баланың аты, уақыт пен орын. Бұны қаламасаңыз, қоспаңыз.
links-code-title = Telegram-ды қосу
links-step-open = Түймені басыңыз: Telegram біздің ботпен ашылады.
links-step-start = Сонда «Старт» түймесін басыңыз.
links-step-done = Бот чаттың қосылғаны туралы жауап береді.
links-open = Telegram-ды ашу
links-by-hand = Telegram басқа телефонда болса, сонда @{ $bot } ботын тауып, оған мына кодты жіберіңіз:
links-copy = Көшіру
links-copied = Көшірілді
links-code-lasts = Код бір рет және 10 минут бойы жарамды. Оны ешкімге көрсетпеңіз: кодты ботқа кім жіберсе, сіздің хабарламаларыңызды сол алады.
links-to-phones = Менің құрылғыларым
links-said-linked = Дайын. Балаларыңыз туралы хабарлама осында келеді. Тоқтату үшін /stop деп жіберіңіз
links-said-stopped = Енді мұнда хабарлама келмейді. Қайта қосу: { $page }
links-said-wrong-code = Бұл код жарамсыз: ол қолданылған немесе 10 минут өтіп кеткен. Жаңа кодты мына жерден алыңыз: { $page }
links-said-help = Бұл бот мектептің хабарламаларын жеткізеді. Оған арналған кодты мына жерден алыңыз: { $page }
    Хабарламаны тоқтату үшін /stop деп жіберіңіз
refused-links-off-title = Мұнда Telegram қосылмаған
refused-links-off-body = Хабарламалар «Хабарламалар» бетінде сақталады.
