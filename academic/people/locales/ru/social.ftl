# Социальный паспорт: сколько учеников в какой категории.
social-nav = Социальный паспорт
social-title = Социальный паспорт школы
social-sub = Считаются только те, кто учится сейчас. Числа меньше пяти не называются.
social-pupils = Всего учеников: { $pupils }
social-categories = Социальные категории
social-groups = Группы здоровья
social-group = { $group } группа
social-no-group = Не записана
social-unchecked = { $act }, ещё не сверено
social-list-title = Ученики по категориям
social-days = Срок
social-nobody-title = Никого нет
social-nobody-body = Запись делается на странице ученика, в разделе «Социальное».
