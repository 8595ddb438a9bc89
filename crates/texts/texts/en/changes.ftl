# Changes of what is prepaid.
change-hint-prepaid = You pay the difference for the time up to its deadline, which stays. Where it costs less, what is left over goes back.
# $days (Number) - how many
change-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
# $days (String) - such as 244 days
# $at (String) - an instant
change-term = For { $days }, until { $at }
# $name (String) - a component
replaces = instead of { $name }
change-when-paid = It is changed as soon as it is paid. Renewals cost what its new options cost.
change-free = Nothing is to be paid for this. It is changed at once.
order-changed = Changed
change-lowered-nothing = Nothing goes back: what is left of what was paid is needed for the new options.
change-switched-stays = What stays is one order up to the deadline from then on: months that have not begun do not go back in full any more.
# $paid (String) - such as 119.50 CNY
# $used (String) - such as 58.51 CNY
# $left (String) - such as 60.99 CNY
change-switched-counted = { $paid } was paid for what stays. Less { $used }, which is used of it by now, { $left } counts as paid for it from then on, and a refund is of that.
change-switched-nothing = Nothing goes back: what was paid for it has been used.
# $at (String) - an instant
change-lowered-when = It is changed at once. Its deadline stays: { $at }.
# $sum (String) - such as 528.00 CNY
change-lowered-counted = { $sum } counts as paid for it from then on, and a refund is of that.
change-lowered-back = It goes back to the balance at once, also where a card paid: what is owed is paid first, the rest goes to the cash or bonus that paid.
# $component (String) - a component of a product
change-new-of = New: { $component }
# $value (String) - such as 1 Mbps
at-present = At present: { $value }
present-one = at present
# $options (String) - what may be raised
change-days-of = { $options }: only for some days
change-only-days = Raised from the beginning of the first day on, and what it is now again after the last. Leave both empty for all the time that is left.
# $first (String) - a value of an option
# $second (String) - another one
change-only-between = It is only changed between { $first } and { $second }.
change-first-day = First day
change-last-day = Last day
# $days (String) - such as 10 days
# $from (String) - an instant
# $to (String) - an instant
change-raise-term = For { $days }, from { $from } to { $to }
change-raise-after = It is paid now, and changes back by itself. Until these days are over nothing else of it is changed. Renewals cost what it is without them.
change-raises = Raised for some days
change-raises-then = To be raised for some days
change-other-days = What is offered below is raised on other days alone.
# $from (String) - an instant
# $to (String) - an instant
change-raise-time = from { $from } to { $to }
