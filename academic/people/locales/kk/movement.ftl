# Movement of pupils: the book, its acts and refusals.
refused-movement-class-closed-title = Бұл сыныпқа қабылдауға болмайды
refused-movement-class-closed-body = Сынып жабылған немесе осы мектептікі емес. Ашық сыныпты таңдаңыз.
refused-movement-already-here-title = Оқушы бұл күні сыныпта тұр
refused-movement-already-here-body = Оқушы қазір осы мектептің сыныбында немесе сол күні сыныпта болған. Кейінгі күнді таңдаңыз немесе сыныбын ауыстырыңыз.
refused-movement-followed-title = Қайтаруға болмайды
refused-movement-followed-body = Содан кейін басқа өзгеріс жасалды немесе бір тәулік өтіп кетті. Жаңа өзгеріс жасаңыз.
refused-movement-not-here-title = Оқушы сыныпта емес
refused-movement-not-here-body = Оқушы қазір осы мектептің ешбір сыныбында жоқ. Бетті жаңартып, қайта қараңыз.
refused-movement-too-early-title = Күні тым ерте
refused-movement-too-early-body = Күн оқушының қазіргі сыныптағы бірінші күнінен ерте болмауы керек.
refused-movement-same-class-title = Оқушы осы сыныпта
refused-movement-same-class-body = Басқа сыныпты таңдаңыз.
