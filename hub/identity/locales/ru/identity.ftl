sign-in-title = Вход в Shanyraq
sign-in-lead = В школе ли ребёнок и поел ли он – на одной странице.
sign-in-login = Логин
sign-in-password = Пароль
sign-in-button = Войти
sign-in-wrong = Неверный логин или пароль. Попробуйте ещё раз.
sign-in-wait = { $seconds ->
    [one] Слишком много ошибок. Попробуйте снова через { $seconds } секунду.
    [few] Слишком много ошибок. Попробуйте снова через { $seconds } секунды.
   *[many] Слишком много ошибок. Попробуйте снова через { $seconds } секунд.
 }
sign-in-help = Логин и пароль выдаёт школа. Если забыли, скажите классному руководителю.
home-nothing-title = Для вас пока нет разделов
home-nothing-body = Они появятся здесь, когда администратор школы назначит вам роль.
role-guardian = Родитель
role-teacher = Учитель
role-director = Директор
role-school_administrator = Администратор школы
role-support = Техническая поддержка
