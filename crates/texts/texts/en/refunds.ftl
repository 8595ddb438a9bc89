# Refunds of what is prepaid.
refund = Refund
refunds = Refunds
refunded = Refunded
refunds-sub = What you gave back before its end, and what came back of it.
all-refunds-sub = What customers gave back before its end.
no-refunds = No refunds
no-refunds-hint = What is given back before its end stands here.
# $name (String) - what is given back
refund-sub = What would go back of { $name } now, and how that comes about. Nothing is given back yet.
refund-hint = Give it back before its deadline: what was not used goes back to where it came from.
refund-not-possible = It is not refunded
refund-how = How the sum comes about
refund-whole = All that was paid goes back.
refund-used = What was paid goes back, less what was used: full months at the price of so many months, the rest of the time at the prices of pay-as-you-go.
refund-share = What was paid goes back, less the share of the time that has passed.
refund-unused = The pack has not begun: all that was paid goes back.
refund-converted = What was paid goes back, less what was used, and it goes on as pay-as-you-go.
refund-paid = Paid
refund-passed = Share of a fee that has passed
refund-floor = Not charged: what goes beyond what was paid
refund-stays = Paid for what stays
# $component (String) - a component of a product
refund-used-of = Used: { $component }
refund-rate = Rate
# $from (String) - a time
# $to (String) - a later time
refund-time = { $from } to { $to }
refund-see-bill = See the bill
refund-goes-back = Goes back
refund-went-back = Went back
refund-to-owed = Pays what is owed
refund-to-bonus = To the bonus
refund-to-cash = To the balance
refund-to-income = To the income
refund-to-card = To the card that paid
refund-card-choice = Where the cash goes
refund-all-to-balance = All of it to the balance, at once
# $sum (String) - a sum of money
# $cards (String) - cards
refund-as-paid-by-card = { $sum } to { $cards }, the rest to the balance
# $cards (String) - cards
refund-only-to-card = All of it to { $cards }
refund-card-hint = A card gets back at most what it paid for this and did not get back yet. The bank takes some days to show it; what the card does not take goes to the balance, and you are told.
refund-card-to-send = On its way to the card
refund-card-sent = Sent to the card
refund-card-failed = Not taken by the card, in the balance
refunds-on-their-way = Refunds on their way to cards
refunds-on-their-way-hint = They are sent by themselves. What waits for long is a matter between the till and the gateway: the last answer stands beside it.
refunds-of-payment = Back to the card
times-asked = Times asked
refund-then-back = What goes to the balance is there at once: what is owed is paid first, the rest goes to where it came from.
# $time (String) - such as 7 days
refund-then-bin = It stops at once, costs nothing any more, lies in the bin for { $time } and is deleted then.
refund-then-gone = It stops at once, costs nothing any more and is deleted.
# $sum (String) - such as 50.00 CNY
refund-vouchers-lost = What vouchers paid does not come back: { $sum }.
# $name (String) - what is given back
refund-this = Refund { $name }?
refund-then-pack = Nothing of the pack is left.
refund-then-final = It cannot be taken back: whoever needs it again buys another.
refund-of-nothing = Nothing goes back: what was used costs as much as was paid. Whoever goes on here loses the time that is left.
refund-now = Refund now
refund-checked-again = The sum is worked out again at that moment; if it is noticeably less, you are asked first.
move-card-refund = Refund to a card
move-card-kept = Not taken by the card
move-refund = Refund
