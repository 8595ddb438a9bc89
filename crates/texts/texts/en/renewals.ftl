# Renewal of what is prepaid.
renew = Renew
renew-hint = The new deadline is counted from the old one, also when that has passed.
renewal = Renewal
renewal-hint = By itself it is paid out of the balance on the day of its deadline, and tried again for six days when that fails.
at-its-deadline = At its deadline
renewal-auto = Renewed by itself
renewal-manual = Renewed by hand, with notices
renewal-none = Ends, without notices
# $days (Number) - how many
with-days = { $days ->
    [one] with { $days } day up to your day of the month
   *[other] with { $days } days up to your day of the month
}
renew-once-more = Renew it once more
nothing-to-renew = None of these can be renewed like that.
then-renewed = As soon as it is paid, it is paid for until the new deadline.
then-runs-on = What runs goes on; what was cut off at its deadline runs again.
one-day-for-all = One day for all deadlines
expiry-day = Day of the month, 1 to 31
expiry-day-hint = What you buy or renew for up to nine months ends on this day; days up to it cost a thirtieth of a month each. Empty: each has its own day.
