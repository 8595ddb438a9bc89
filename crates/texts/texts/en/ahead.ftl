# What comes next, and money that is missing.
what-comes-next = What comes next
# $days (Number) - how many
within-days = { $days ->
    [one] Within { $days } day, if nobody does anything.
   *[other] Within { $days } days, if nobody does anything.
}
nothing-comes = Nothing ends or runs out until then.
# $sum (String) - an amount with its currency
now-available = Now: { $sum } available
money-lasts = Money lasts
# $days (Number) - how many
so-many-days = { $days ->
    [0] less than a day
    [one] about { $days } day
   *[other] about { $days } days
}
# $date (String) - a day
# $sum (String) - an amount with its currency
about-day-and-pace = until about { $date }, at { $sum } a day
# $at (String) - an instant
money-lasts-until = At the present use your money lasts until about { $at }.
# $sum (String) - an amount with its currency
at-a-day = What is charged by use costs { $sum } a day. When the money is gone, the account is in arrears.
# $sum (String) - an amount with its currency
# $since (String) - an instant
you-owe-since = You owe { $sum } since { $since }.
nothing-new-until-paid = Until that is paid nothing new can be bought.
# $names (String) - what resources are called
stopped-already = Stopped or limited already: { $names }.
# $at (String) - an instant
# $name (String) - what a resource is called
# $what (String) - what happens to it
stops-next = Next, on { $at }: { $name }, { $what }.
# $name (String) - what a resource is called
# $at (String) - an instant
renewal-will-fail = { $name } will not be renewed by itself on { $at }: too little is there.
# $sum (String) - an amount with its currency
# $available (String) - an amount with its currency
renewal-needs = It costs { $sum }. Available now: { $available }; what is used until then goes off that.
# $count (Number) - how many
# $at (String) - an instant
tried-more = { $count ->
    [one] { $count } more attempt fails, until { $at }
   *[other] { $count } more attempts fail, until { $at }
}
money-gone = Money runs out
money-gone-then = an estimate at the present use; then the account is in arrears
pack-empty-then = used up, at the present use; then what it covered is pay-as-you-go again
pack-ends-then = ends; what is left then is lost
# $missing (String) - an amount with its currency
# $available (String) - an amount with its currency
is-missing = { $missing } are missing. You have { $available }.
bring-in-by-transfer = Bring it in by bank transfer.
bring-in-or-card = Bring it in by bank transfer or card, or pay this with a card.
bring-in-by-both = Bring it in by bank transfer or card.

# The forecast of a year.
whole-forecast = Forecast of a year
forecast-title = Forecast
money-runs-out = Money runs out
in-arrears-since-then = in arrears since then
# $at (String) - an instant
lasts-at-least = it lasts until { $at } at least
balance-now = Balance
balance-now-hint = all money, frozen or not, less what is owed
# $sum (String) - an amount with its currency
credit-beside-balance = { $sum } may be owed beside it
# $sum (String) - an amount with its currency
promised-besides = { $sum } more are frozen for paid orders
use-a-day = Use a day
use-a-day-hint = of what is charged by use, as everything stands
# $at (String) - an instant
all-before = All that happens before { $at }.
when-it-comes = When
what-comes = What
# $unit (String) - a currency
balance-then = Balance then ({ $unit })
# $count (Number) - how many
steps-left-out = { $count ->
    [one] One more step is left out.
   *[other] { $count } more steps are left out.
}
taken-for-granted = What is taken for granted
# $why (String) - a reason
ends-because = It is not told further: { $why }.
