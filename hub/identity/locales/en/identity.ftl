sign-in-title = Sign in to Shanyraq
sign-in-lead = Whether your child is at school and has eaten, on one page.
sign-in-login = Login
sign-in-password = Password
sign-in-button = Sign in
sign-in-wrong = Wrong login or password. Please try again.
sign-in-wait = { $seconds ->
    [one] Too many wrong tries. Try again in { $seconds } second.
   *[other] Too many wrong tries. Try again in { $seconds } seconds.
 }
sign-in-help = Your school gives you login and password. If you forgot them, tell the class teacher.
home-nothing-title = Nothing is open to you yet
home-nothing-body = Sections appear here once your school's administrator has given you a role.
