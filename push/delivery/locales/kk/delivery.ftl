# Хабарламалар: телефонда, кіріс жәшігінде және тікелей бетте бірдей.
notice-entered-name = Мектепке келді
notice-entered-title = { $child } мектепке келді
notice-entered-body = { $date } { $time }, { $place }
notice-left-name = Мектептен шықты
notice-left-title = { $child } мектептен шықты
notice-left-body = { $date } { $time }, { $place }
notice-meal-name = Тамақтанды
notice-meal-title = { $child } тамақтанды
notice-meal-body = { $item }, { $price }. { $date } { $time }
notice-request_answered-name = Өтінішке жауап
notice-request_answered-title = { $child }: мектеп өтінішіңізге жауап берді
notice-request_answered-body = Қабылданды: { $accepted }, қабылданбады: { $refused }
notice-gathered-title = { $count } жаңа хабарлама
notice-gathered-body = Барлығы «Хабарламалар» бетінде.
notice-not_arrived-name = Мектепке келмегені
notice-not_arrived-title = { $child } мектепке келген жоқ
notice-not_arrived-body = { $date }. Сабақ { $time } басталды, қақпадан өткені белгісіз. Себебін білсеңіз, мектепке хабарлаңыз

# Кіріс жәшігі
nav-inbox = Хабарламалар
inbox-title = Хабарламалар
inbox-unread = { $count } хабарлама оқылмаған
inbox-to-switches = Баптау
inbox-read-all = Барлығын оқылды деп белгілеу
inbox-read = Оқылды
inbox-child = Бала
inbox-all-children = Барлық бала
inbox-kind = Түрі
inbox-all-kinds = Барлық түрі
inbox-show = Көрсету
inbox-late = кеш белгілі болды
inbox-nothing-title = Хабарлама жоқ
inbox-nothing-body = Бала мектепке келгенде, шыққанда немесе тамақтанғанда хабарлама осында сақталады.
inbox-nothing-own-body = Мектеп сізге хабарландыру жібергенде, ол осында сақталады.
inbox-oneself = Мен туралы
inbox-about = Кім туралы
inbox-all-about = Барлығы
inbox-nobody-body = Мектеп балаңызды сізге тіркегенде, хабарламалар осында көрінеді.

# Ауыстырып-қосқыштар
switches-title = Хабарлама баптауы
switches-sub = Қай хабарлама қайда келетінін таңдаңыз. Өшірілгендері де «Хабарламалар» бетінде сақталады.
switches-kind = Хабарлама
switches-way-phone = Телефон
switches-way-telegram = Telegram
switches-way-mail = Пошта
switches-box = { $kind }: { $way }
switches-no-phone = Хабарлама келетін телефон әлі қосылмаған.
switches-no-telegram = Telegram әлі қосылмаған.
switches-no-mail = Поштаға хабарлама әлі қосылмаған.
switches-save = Сақтау
switches-saved = Сақталды
switches-oneself = Маған арналған хабарлама
switches-nobody-title = Сізге тіркелген бала жоқ
switches-nobody-body = Мектеп балаңызды сізге тіркегенде, баптау осында пайда болады.

# Тыныш уақыт
hours-title = Тыныш уақыт
hours-sub = Бұл уақытта телефон мазаланбайды. Хабарлама жоғалмайды: тыныш уақыт біткенде бәрі бір хабарламамен келеді, ал ескіргендері «Хабарламалар» бетінде қалады.
hours-from = Қай уақыттан бастап
hours-to = Қай уақытқа дейін
hours-alarms = Шұғыл хабарлама
hours-alarms-pass = Тыныш уақытта да келсін
hours-alarms-wait = Ол да күтсін
hours-digest = Күнделікті жинақ
hours-digest-hint = Көп адамға арналған хабарлама күніне бір рет, сіз таңдаған уақытта бірге келеді.
hours-digest-at = Жинақ келетін уақыт
hours-field-time = Уақытты 22:00 түрінде жазыңыз.
hours-field-both = Екі уақытты да жазыңыз немесе екеуін де бос қалдырыңыз.
hours-field-same = Басталуы мен аяқталуы бірдей болмауы керек.

# Жеткізу журналы
nav-deliveries = Жеткізу
log-title = Хабарламаларды жеткізу
log-sub = Ата-анаға хабарлама неге келді немесе неге келмеді.
log-search = Ата-ананың, баланың аты-жөні немесе сынып
log-day = Күні
log-recipient = Кімге
log-notice = Не туралы
log-made = Жасалған уақыты
log-read = Оқылған:
log-phones = Телефонға жеткізу
log-attempts = { $count } талпыныс
log-unknown-person = Бұл адам сізге көрінбейді
log-nothing-title = Хабарлама табылмады
log-nothing-body = Бұл күні хабарлама жасалмаған. Оқушының картасы сол уақытта оқылғанын және ата-анасы тіркелгенін тексеріңіз.
log-search-first = Аты-жөнін немесе сыныпты іздеңіз: кемінде екі әріп.
log-sent = Телефонның хабарлама қызметі қабылдады
log-switched-off = Ата-ана бұл түрді өшірген: тек хабарламалар бетінде
log-no-consent = Телефонға хабарламаға келісім кері қайтарылған: тек хабарламалар бетінде
log-no-phone = Тіркелген телефон жоқ: тек хабарламалар бетінде
log-late = Мәлімет кеш келді: телефон мазаланбады, хабарламалар бетінде бар
log-sent-for-several = Бірнеше хабарлама бірге жіберілді: телефонның хабарлама қызметі қабылдады
log-quiet = Тыныш уақыт: аяқталғанша ескіреді, тек хабарламалар бетінде
log-collapsed = Күткен басқа хабарламамен бірге бір болып жіберілді
log-held = Тыныш уақыт немесе жинақ, күтеді:
log-waited = Күткен уақыты:
log-expired = Хабарлама ескірді, жіберілмеді
log-given-up = Дер кезінде жеткізілмеді: тек хабарламалар бетінде
log-replayed = Қолдау қызметі қайта жіберген уақыты:
log-unregistered = Қолданба бұл телефоннан жойылған
log-unregistered-telegram = Ата-ана Telegram-да ботты бұғаттаған
log-unregistered-mail = Ата-ананың поштасына хат жетпейді
log-by-mail = Электрондық пошта
log-by-app = Телефондағы қолданба
log-by-browser = Браузер
log-by-telegram = Telegram
log-refused = Хабарлама қызметі қабылдамады
log-other = Нәтижесін бұл нұсқа білмейді
log-again = Қайта жіберіледі:
log-under-way = Жіберіліп жатыр

phones-field-channel = Бұл арна белгісіз.
phones-field-token = Телефонның белгісі қате.
notice-card_blocked-name = Карта бұғатталды
notice-card_blocked-title = { $child }: карта бұғатталды
notice-card_blocked-body = { $date } { $time }. Бұл картамен жасалған ештеңе енді балаға есептелмейді
notice-card_unblocked-name = Карта бұғаттан шығарылды
notice-card_unblocked-title = { $child }: карта қайта жұмыс істейді
notice-card_unblocked-body = { $date } { $time }. Карта бұғаттан шығарылды
notice-blocked_card_used-name = Бұғатталған картаны біреу қолданды
notice-blocked_card_used-title = { $child }: бұғатталған картаны біреу қолданды
notice-blocked_card_used-body = { $date } { $time }, { $place }. Картаның кімде екені белгісіз. Балаңыз мектепте ме, тексеріңіз
notice-devices_still-name = Құрылғылар тоқтап тұр
notice-devices_still-title = { $schools ->
    [1] { $school }: тоқтап тұрған құрылғы – { $devices }
   *[other] Тоқтап тұрған құрылғы – { $devices }, мектеп – { $schools }
}
notice-devices_still-body = { $left ->
    [0] { $hours } сағаттан бері жұмыс істемейді. 48 сағат бітті.
   *[other] { $hours } сағаттан бері жұмыс істемейді. 48 сағаттың бітуіне { $left } сағат қалды.
}
