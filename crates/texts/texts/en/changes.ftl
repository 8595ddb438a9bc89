# Changes of what is prepaid.
change-hint-prepaid = You pay the difference for the time up to its deadline, which stays.
# $days (Number) - how many
change-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
# $days (String) - such as 244 days
# $at (String) - an instant
change-term = For { $days }, until { $at }
# $name (String) - a component
replaces = instead: { $name }
change-when-paid = It is changed as soon as it is paid. Renewals cost what its new options cost.
change-free = Nothing is to be paid for this. It is changed at once.
order-changed = Changed
