# Buying.
buy = Buy
buy-sub = Everything in the price book. You see the whole price before you order.
more-products = More
price = Price
price-checked-again = The price is checked again when you pay; if it has changed, you are asked first.
update-price = Update the price
review-order = Review the order
no-price-hint = Choose something else; your other choices are kept.
quantity = Quantity
one-less = One less
one-more = One more
# $most (String) - how many
up-to-in-one-order = Up to { $most } in one order.
duration = Duration
from-delivery-on = From delivery on
begins = Begins
# $from (String) - a number
# $to (String) - a number
# $step (String) - a number
range = From { $from } to { $to }, in steps of { $step }.
# $from (String) - a number
# $to (String) - a number
range-of-all = From { $from } to { $to }.
# $value (String) - what was chosen before
was-replaced = { $value } does not go with what you chose; this takes its place.

# $months (Number) - how many
months = { $months ->
    [one] { $months } month
   *[other] { $months } months
}
# $count (Number) - how many
# $shown (String) - the same with its thousands parted
pieces = { $count ->
    [one] { $shown } piece
   *[other] { $shown } pieces
}
discount = Discount
to-pay = To pay
to-pay-and-later = To pay now; use is charged later
included = included
# $rate (String) - such as 0.90
contract-rate = contract rate { $rate }
charged-later = Charged later, by use
# $quantity (String) - such as 100 Mbps
charged-above = Only what is above { $quantity } is charged.
# $price (String) - such as 3,500.00 per day
# $reach (String) - such as 30 Gbps
charged-at-most = At most { $price }: as it is chosen, no more than { $reach } is charged.
due-order = with the order
due-hour = settled every hour
due-day = settled every day
due-month = settled every month
# $due (String) - when it is settled
when-used = only what is used, { $due }
# $due (String) - when it is settled
# $time (String) - such as 1 minute
when-at-least = { $due }, the first { $time } of a life count whole
# $due (String) - when it is settled
# $time (String) - such as 672 hours
when-at-most = { $due }, at most { $time } of a calendar month
# $due (String) - when it is settled
# $quantity (String) - such as 100 GB
when-free = { $due }, { $quantity } of a calendar month free for the account
# $size (String) - such as 1 hour
price-started = Each started { $size } counts whole.
# $quantity (String) - such as 10 GB
price-free-hour = { $quantity } of each hour are free.
# $quantity (String) - such as 10 GB
price-free-day = { $quantity } of each day are free.
# $quantity (String) - such as 10 GB
price-free-month = { $quantity } of each month are free.
# $quantity (String) - such as 10 GB
price-free-order = { $quantity } of each order are free.
# $sum (String) - an amount with its currency
price-least-hour = An hour with any use costs at least { $sum }.
# $sum (String) - an amount with its currency
price-least-day = A day with any use costs at least { $sum }.
# $sum (String) - an amount with its currency
price-least-month = A month with any use costs at least { $sum }.
# $sum (String) - an amount with its currency
price-least-order = An order costs at least { $sum }.
# $sum (String) - an amount with its currency
a-month = { $sum } a month.
# $hours (Number) - hours
# $sum (String) - an amount with its currency
about-a-month = { $hours ->
    [one] About { $sum } a month, if it runs { $hours } hour.
   *[other] About { $sum } a month, if it runs { $hours } hours.
}
use-not-in-it = What goes by use alone is not in that figure.
# $sum (String) - an amount with its currency
held-while-it-lives = { $sum } of the balance are held while it lives.
# $from (String) - an instant
# $to (String) - an instant
pack-period = Good from { $from } to { $to }.
pack-looks-back = It covers this month from its first second on.
# $at (String) - an instant
pack-empty = At the present use it is empty on { $at }.
pack-unused = Nothing of it is used so far. If that stays so, all of it is lost at its end.
# $at (String) - an instant
pack-short-of-month = From { $at } to the end of that month it covers nothing.
pack-no-use = Nothing that runs now would use it.
pack-left = At the present use something is left at its end, and lost.
# $available (String) - an amount with its currency
# $missing (String) - an amount with its currency
balance-short = You have { $available }; { $missing } are missing.
# $available (String) - an amount with its currency
# $rest (String) - an amount with its currency
balance-rest = You have { $available }; { $rest } remain.

review-and-pay = Review and pay
nothing-bought-yet = Nothing is bought until you pay.
deadline-changed = The deadline changed while you were choosing.
deadline-changed-hint = Nothing was ordered. Below is until when it would be paid now.
price-changed = The price changed while you were choosing.
price-changed-hint = Nothing was ordered. This is what it costs now.
# $was (String) - a sum
# $is (String) - the sum of now
# $more (String) - by how much it is more
costs-more = The price was { $was } and is { $is } now: { $more } more.
# $was (String) - a sum
# $is (String) - the sum of now
# $less (String) - by how much it is less
costs-less = The price was { $was } and is { $is } now: { $less } less.
# $was (String) - a sum
# $is (String) - the sum of now
goes-back-changed = { $was } was to go back, and { $is } goes back now.
what-then = What happens then
afterwards = Afterwards
then-held = The sum is held at once, and deducted when it is delivered.
then-delivered = A moment later you see it here, with its address.
then-failed = If it cannot be delivered, all of it comes back.
# $sum (String) - an amount with its currency
pay = Pay { $sum }

# Orders.
order = Order
orders = Orders
no-orders = No orders yet
no-orders-hint = What you buy appears here, with how far it is.
state = State
placed = Placed
address = Address
# $what (String) - how many of what
# $at (String) - an instant
ordered-on = { $what }. Ordered on { $at }.
renews-itself = This page renews itself. You may leave it.
# $count (String) - how many
so-many-under-way = { $count } being set up.
refresh = Refresh
# $ready (String) - how many
# $all (String) - of how many
# $state (String) - how far it is
so-many-ready = { $ready } of { $all } ready: { $state }.
being-set-up = Being set up
ready = Ready
failed = Failed
money-back = its money is back
order-unpaid = Unpaid
order-delivered = Delivered
order-failed = Delivery failed
order-closed = Cancelled
order-expired = Not paid in time
order-invalid = Not valid any more
order-outdated = This order cannot be paid any more.
order-outdated-hint = Nothing was paid. Its price, or what it is for, has changed since it was ordered: order it again as it is now.
order-again = Order it again
cancel-order = Cancel the order
cancel-this-order = Cancel this order?
cancel-order-hint = Nothing is paid for it. What was ordered together with it is cancelled too.
payment = Payment
from-balance = From the balance
good-at-once = there as soon as it is paid
order-number = Order number
order-it = Order
what-was-ordered = What was ordered
# $sum (String) - a sum with its currency
# $what (String) - what an order is called
order-waits = { $sum } to pay for { $what }.
# $at (String) - an instant
to-be-paid-until = It is ordered, and not paid yet. Pay it until { $at }, or it is closed.
# $sum (String) - a sum of money
it-was = it was { $sum }
then-charged = Nothing is paid now. What is used is deducted at each settlement.
not-as-chosen = This cannot be had as it is chosen; the reason stands beside it.
name-too-long = A name has at most 60 characters.
delivered-in-part = Delivered in part
came-out = How it came out
any-result = Any outcome
outcome-open = No outcome yet
outcome-complete = Delivered whole
outcome-failed = Nothing delivered
came-back = Came back
ordered-before = This was ordered already
ordered-before-hint = Nothing is ordered a second time unless you say so.
order-once-more = Order it once more
step-ordered = Ordered
progress = Progress of the order
paid-in-the-end = Paid in the end
good-from-until = Good from – until
# $from (String) - an instant
# $to (String) - an instant
then-pack = It is good from { $from } until { $to }, without being set up.
# $currency (String) - a currency
nothing-sold-in = Nothing is sold in { $currency } at this time
nothing-sold-in-hint = The operator has no price book in this currency that holds now. Ask them when there will be one.
