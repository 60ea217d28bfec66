# Notices by e-mail
mailbox-title = E-mail
mailbox-about = Announcements and answers of the school can come by e-mail too. What happens at the door or in the canteen does not, unless you choose it in the settings.
mailbox-turn-on = Get notices by e-mail
mailbox-on = Notices come to your e-mail address.
mailbox-unreachable = Your mail server said that there is no such mailbox, so letters were stopped. Check your e-mail address in your account and turn them on again.
mailbox-which = Which notices come by e-mail
mailbox-account = E-mail in your account
mailbox-letter-read = Read on the school’s site
mailbox-letter-why = You get this letter because you turned on notices by e-mail.
mailbox-letter-less = Choose what comes by e-mail:
refused-mailbox-off-title = No letters are sent from here
refused-mailbox-off-body = Notices are kept on the page “Notices”.
refused-mailbox-no-address-title = Your account has no confirmed e-mail
refused-mailbox-no-address-body = Enter your e-mail in your account and follow the link in the letter, then come back here.
