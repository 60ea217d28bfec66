# Әлеуметтік паспорт: қанша оқушы қай санатта.
social-nav = Әлеуметтік паспорт
social-title = Мектептің әлеуметтік паспорты
social-sub = Қазір оқитын оқушылар ғана саналады. Бестен аз сан аталмайды.
social-pupils = Барлық оқушы: { $pupils }
social-categories = Әлеуметтік санаттар
social-groups = Денсаулық топтары
social-group = { $group } топ
social-no-group = Жазылмаған
social-unchecked = { $act }, әлі салыстырылмаған
social-list-title = Санаттағы оқушылар
social-days = Қай кезде
social-nobody-title = Ешкім жоқ
social-nobody-body = Жазба оқушының бетіндегі «Әлеуметтік» бөлімінде жасалады.
