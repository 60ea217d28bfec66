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
