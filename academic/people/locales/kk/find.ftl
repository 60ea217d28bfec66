find-nav = Іздеу
find-title = Іздеу
find-sub = Оқушы, сынып немесе бет
find-label = Тегі, аты, сыныбы немесе беттің атауы
find-pupils = Оқушылар
find-classes = Сыныптар
find-staff = Қызметкерлер
find-guardians = Ата-аналар
find-pages = Беттер
find-class = { $class } сыныбы
find-nothing-title = Ештеңе табылмады
find-nothing-body = Басқаша жазып көріңіз. Қазақша әріптің орнына ұқсасын жазуға болады: қ орнына к, ә орнына а.
find-count = { $count ->
    [0] Ештеңе табылмады
   *[other] { $count } нәтиже
 }
