# Bills.
you-are-here = You are here
bills = Bills
bills-sub = By the month in which something was used.
no-bills = No bills yet
no-bills-hint = What is deducted from your balance appears here, month by month.
month = Month
# $unit (String) - the currency
lines-cost = Lines cost, { $unit }
# $unit (String) - the currency
deducted = Deducted, { $unit }
# $unit (String) - the currency
was-owed = Owed then, { $unit }
not-final = Not final yet: more may come.
final-month = Final. By the time of use.
no-bills-in-month = No bills in this month
no-bills-here = No bill fits
was-deducted = Deducted
paid-from = Paid from the balance
back-to-balance = Back to the balance
back-to-balance-or-card = Back to the balance or to cards
owed-then = Owed then
owed-then-hint = what the balance did not hold when it was deducted
# $count (Number) - how many
# $shown (String) - the same with its thousands parted
so-many-bills = { $count ->
    [one] { $shown } bill
   *[other] { $shown } bills
}
made-of = What it is made of
# $unit (String) - the currency
exactness = In { $unit }. A line is exact to eight digits; a bill adds its lines and is rounded once, when it is deducted.
product-and-resource = Product, resource
charged = Charged
what = What
from = From
to = To
# $name (String) - what the bills are about
bills-of = Bills of { $name }
# $name (String) - what the bill is about
bill-of = Bill of { $name }
# $from (String) - an instant
# $to (String) - an instant
used-between = Used from { $from } to { $to }, the end not in it.
# $from (String) - an instant
# $to (String) - an instant
paid-for-between = For { $from } to { $to }, the end not in it.
# $from (String) - an instant
# $to (String) - an instant
pack-good-between = Good from { $from } to { $to }, the end not in it.
# $from (String) - an instant
# $to (String) - an instant
corrected-between = Corrects what was billed for { $from } to { $to }, the end not in it.
# $at (String) - an instant
billed-at = Billed on { $at }.
nothing-moved = No money moved: what was left of what was paid is needed for the new options.
lines = Lines
rounded-once = Their sum is rounded once.
component = Component
measured = Measured
# $unit (String) - the currency
list-price = List price, { $unit }
# $unit (String) - the currency
at-list-price = At list price, { $unit }
rate = Rate
# $unit (String) - the currency
cost = Cost, { $unit }
sum-of-lines = Sum of the lines
kept-by-vouchers = Paid by vouchers, not given back
left-by-rounding = Left by rounding of the bill before
left-to-next-bill = Of it left to the next bill

# Why.
why = Why
# $sum (String) - an amount with its currency
why-so-much = Why { $sum }?
what-happened = What happened
arithmetic = The arithmetic
rounded-and-paid = Rounded and paid
rounded-and-given-back = Rounded and given back
step = Step
# $unit (String) - the currency
comes-to = Comes to, { $unit }
whole-sum = The whole sum
# $name (String) - a price book
priced-by-book = Priced by the price book { $name }
# $name (String) - a resource
what-it-used = What { $name } used, day by day
each-reading = Each reading that this line counts
rounded = Rounded once
exact-figures = To the last digit
# $at (String) - an instant
deducted-at = Deducted on { $at }.
# $at (String) - an instant
went-back-at = Went back on { $at }.

# Movements.
movements = Movements
movements-sub = What came in, was held and went out, with the balance after each.
no-movements = No money has moved yet
no-movements-hint = Top-ups, payments and what is held appear here.
at = At
purses = From, to
# $unit (String) - the currency
amount = Amount, { $unit }
# $unit (String) - the currency
balance-after = Balance after, { $unit }
move-recharge = Top-up
move-withdraw = Withdrawal
move-deduct = Deducted
move-freeze = Held for an order
move-unfreeze = Held no more
move-hold = Held while it lives
move-debt = Debt paid
cash = cash
bonus = bonus
income = income
clearing = on the way to a card
bank = bank
grants = grants
revenue = provider
move-given-back = Given back
purse-frozen = frozen
purse-owed = owed
# $sum (String) - an amount with its currency
no-lines-rounding = It has no lines. Bills are rounded one by one; { $sum } is what that left over the month.
# $sum (String) - an amount with its currency
no-lines-corrected = It has no lines. It puts right { $sum } of another bill.
rate-of-contract = The discount rate is the one of your contract.

# The bill that people put right, and how.
corrected-since = Corrected since
corrected-since-hint = This bill stays as it was. What was put right is billed beside it.
corrected-bill = The bill that it corrects
no-such-line = This bill has no such line
# $count (Number) - how many
so-many-lines = { $count ->
    [one] It has one line. The bill shows it, with why it is so much.
   *[other] It has { $count } lines. The bill shows all of them, each with why it is so much.
}
