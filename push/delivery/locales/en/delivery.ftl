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
notice-request_answered-name = Answer to a request
notice-request_answered-title = { $child }: the school answered your request
notice-request_answered-body = Accepted: { $accepted }, declined: { $refused }
notice-gathered-title = { $count ->
    [one] { $count } new notice
   *[other] { $count } new notices
 }
notice-gathered-body = All of them are on the page “Notices”.
notice-not_arrived-name = Has not arrived
notice-not_arrived-title = { $child } has not come to school
notice-not_arrived-body = { $date }. Lessons began at { $time } and no entry was seen. If you know why, tell the school

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
inbox-nothing-own-body = When the school sends you an announcement, it is kept here.
inbox-oneself = For myself
inbox-about = About whom
inbox-all-about = All
inbox-nobody-body = When the school has named you as a guardian, notices appear here.

# Switches
switches-title = Notice settings
switches-sub = Choose which notices come where. Those switched off are still kept on the page “Notices”.
switches-kind = Notice
switches-way-phone = Phone
switches-way-telegram = Telegram
switches-way-mail = E-mail
switches-box = { $kind }: { $way }
switches-no-phone = No phone is connected for notices yet.
switches-no-telegram = Telegram is not connected yet.
switches-no-mail = Notices by e-mail are not turned on yet.
switches-save = Save
switches-saved = Saved
switches-oneself = For myself
switches-nobody-title = No child is registered with you
switches-nobody-body = When the school has named you as a guardian, the settings appear here.

# Quiet hours
hours-title = Quiet hours
hours-sub = The phone is left in peace during this time. Nothing is lost: when it ends, everything comes as one notice, and what is old by then stays on the page “Notices”.
hours-from = From
hours-to = Until
hours-alarms = Urgent notices
hours-alarms-pass = Come in quiet hours too
hours-alarms-wait = Wait as well
hours-digest = Daily digest
hours-digest-hint = What is told to many comes together once a day, at the time you choose.
hours-digest-at = Time of the digest
hours-field-time = Write the time as 22:00.
hours-field-both = Give both times or leave both empty.
hours-field-same = Beginning and end must differ.

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
log-sent-for-several = Sent as one for several: taken by the phone’s notification service
log-quiet = Quiet hours: too old when they end, on the notices page only
log-collapsed = Sent as one with others that waited
log-held = Quiet hours or digest, waits until:
log-waited = Waited until:
log-expired = Too old, not sent
log-given-up = Not delivered in time: on the notices page only
log-replayed = Sent again by support:
log-unregistered = The app was removed from this phone
log-unregistered-telegram = The parent blocked the bot in Telegram
log-unregistered-mail = No letters reach the parent’s e-mail address
log-by-mail = E-mail
log-by-app = App on a phone
log-by-browser = Browser
log-by-telegram = Telegram
log-refused = The notification service did not take it
log-other = An outcome that this version does not know
log-again = Will be sent again:
log-under-way = Being sent

phones-field-channel = There is no such channel.
phones-field-token = The phone’s token is wrong.
notice-card_blocked-name = Card blocked
notice-card_blocked-title = { $child }: card blocked
notice-card_blocked-body = { $date } { $time }. Nothing done with this card counts as your child’s any more
notice-card_unblocked-name = Card unblocked
notice-card_unblocked-title = { $child }: the card works again
notice-card_unblocked-body = { $date } { $time }. The block was lifted
notice-blocked_card_used-name = Somebody used a blocked card
notice-blocked_card_used-title = { $child }: the blocked card was used
notice-blocked_card_used-body = { $date } { $time }, { $place }. Nobody knows who has it. Check whether your child is at school
notice-devices_still-name = Devices stand still
notice-devices_still-title = { $schools ->
    [1] { $school }: devices standing still – { $devices }
   *[other] Devices standing still – { $devices }, schools – { $schools }
}
notice-devices_still-body = { $left ->
    [0] They have not worked for { $hours } h. The 48 hours are over.
   *[other] They have not worked for { $hours } h. { $left } h are left of the 48.
}
