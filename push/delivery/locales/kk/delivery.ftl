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
inbox-nobody-body = Мектеп балаңызды сізге тіркегенде, хабарламалар осында көрінеді.

# Ауыстырып-қосқыштар
switches-title = Телефонға хабарламалар
switches-sub = Қай хабарламалар телефонға келетінін таңдаңыз. Өшірілгендері де «Хабарламалар» бетінде сақталады.
switches-save = Сақтау
switches-saved = Сақталды
switches-nobody-title = Сізге тіркелген бала жоқ
switches-nobody-body = Мектеп балаңызды сізге тіркегенде, баптау осында пайда болады.

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
log-expired = Хабарлама ескірді, жіберілмеді
log-unregistered = Қолданба бұл телефоннан жойылған
log-refused = Хабарлама қызметі қабылдамады
log-other = Нәтижесін бұл нұсқа білмейді
log-again = Қайта жіберіледі:
log-under-way = Жіберіліп жатыр

phones-field-channel = Бұл арна белгісіз.
phones-field-token = Телефонның белгісі қате.
