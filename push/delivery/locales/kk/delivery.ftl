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
