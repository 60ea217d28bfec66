# Notices: the same words on the phone, in the inbox and on a live page.
notice-entered-name = Came to school
notice-entered-title = { $child } came to school
notice-entered-body = { $date } { $time }, { $place }
notice-left-name = Left school
notice-left-title = { $child } left school
notice-left-body = { $date } { $time }, { $place }
notice-meal-name = Had a meal
notice-meal-title = { $child } had a meal
notice-meal-body = { $item }, { $price }. { $date } { $time }

# Inbox
nav-inbox = Notices
inbox-title = Notices
inbox-unread = { $count ->
    [one] { $count } unread notice
   *[other] { $count } unread notices
 }
inbox-to-switches = Settings
inbox-read-all = Mark all as read
inbox-read = Read
inbox-child = Child
inbox-all-children = All children
inbox-kind = Kind
inbox-all-kinds = All kinds
inbox-show = Show
inbox-late = became known late
inbox-nothing-title = No notices
inbox-nothing-body = When a child comes to school, leaves or has a meal, the notice is kept here.
inbox-nobody-body = When the school has named you as a guardian, notices appear here.

# Switches
switches-title = Notices on the phone
switches-sub = Choose which notices come to your phone. Those switched off are still kept on the page “Notices”.
switches-save = Save
switches-saved = Saved
switches-nobody-title = No child is registered with you
switches-nobody-body = When the school has named you as a guardian, the settings appear here.

# Delivery log
nav-deliveries = Delivery
log-title = Delivery of notices
log-sub = Why a parent got a notice, or why not.
log-search = Name of parent or child, or class
log-day = Day
log-recipient = To
log-notice = About
log-made = Made
log-read = Read:
log-phones = Delivery to the phone
log-attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
 }
log-unknown-person = This person is not visible to you
log-nothing-title = No notices found
log-nothing-body = There were no notices on this day. Check that the pupil’s card was read and that a guardian is registered.
log-search-first = Search for a name or class: two letters at least.
log-sent = Taken by the phone’s notification service
log-switched-off = The parent switched this kind off: on the notices page only
log-no-consent = The consent to notices on the phone is withdrawn: on the notices page only
log-no-phone = No phone is registered: on the notices page only
log-late = The data came late: the phone was not disturbed; it is on the notices page
log-expired = Too old, not sent
log-unregistered = The app was removed from this phone
log-refused = The notification service did not take it
log-other = An outcome that this version does not know
log-again = Will be sent again:
log-under-way = Being sent

phones-field-channel = There is no such channel.
phones-field-token = The phone’s token is wrong.
