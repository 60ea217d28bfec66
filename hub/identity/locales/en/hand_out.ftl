# Logins for all employees who have none, at once.
hand-out-title = Logins for staff
hand-out-sub = Everybody who works here and cannot sign in yet. Take the tick off those who need no login; parents come in by invitation.
hand-out-more = Without a login: { $all }. One sheet holds the first { $most }; print it and come back for the others.
hand-out-nobody = Everybody who works here has a login
hand-out-nobody-body = A new employee appears here when a role is given.
hand-out-do = Give and print
hand-out-sheet = Logins of staff
hand-out-link = Give logins to staff
trail-action-identity-give-logins = Gave logins to staff
