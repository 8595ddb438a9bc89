# Contract prices of a customer.
contract-prices = Contract prices
contract-prices-sub = What this customer pays for a component in place of what the price book says. What was bought and used before keeps its price.
no-contract-prices = No contract prices yet
new-contract-price = New contract price
agree-contract-price = Agree the price
end-contract-price = End now
contract-price-is-agreed = The contract price is agreed.
contract-price-is-ended = The contract price is ended: from now on the price book holds.
contract-price-take-back = Take back
contract-price-is-taken-back = The contract price is taken back. It never holds.
# $contract (String) - the id of the contract price
contract-price-take-back-this = Take { $contract } back
holds-until = Holds until
contract-price-id = Contract
contract-price-from = From (now if left out)
contract-price-until = Until, which is out
contract-price-open = until it is ended
contract-component-hint = Of a product of the price book in force.
contract-options = Only for these options
contract-options-hint = Such as spec=1U1G or region=guangzhou|shanghai
contract-above = Only for the tier that begins at
# $price (String) - the price of the price book
contract-price-instead = Contract price; list price { $price }
# $unit (String) - the currency
own-a-month = Price, { $unit } a month
# $unit (String) - the currency
own-price = Price, { $unit }
contract-price-end-hint = From now on the price book holds; what was used and bought before keeps its price.
contract-price-end-early = It has not begun, and will never hold.
# $contract (String) - the id of the contract price
contract-price-end-this = End { $contract }
# $from (String) - a time
contract-price-since = from { $from }

# How much a customer may owe.
credit-line = Credit line
credit-line-sub = How much it may owe before it is in arrears. What is owed is collected by its card on the day, or at once when less than nothing is available.
# $unit (String) - a currency
credit-limit = Limit in { $unit }
credit-limit-hint = 0 for none. Within it nothing is stopped, and purchases are paid on credit where money does not suffice.
credit-day = Day of the month
credit-day-hint = From 1 to 28. On this day the card collects what is owed.
# $at (String) - an instant
credit-collected = collected { $at }, or at once when less than nothing is available
credit-used = Used
# $since (String) - an instant
credit-withheld = Withheld since { $since }: what is owed could not be collected. It holds again once that is paid.
credit-is-available = counts as available; what is owed is collected by your card
credit-is-included = with what is left of the credit line
# $used (String) - how much of it
credit-used-of = { $used } used
# $at (String) - an instant
credit-collected-on = collected { $at }

# What a customer is to spend in each month.
commitment = Commitment
commitment-sub = What it is to spend in each calendar month at least. What a month lacks of it is billed when the month is closed.
# $unit (String) - a currency
commitment-amount = Each month in { $unit }
commitment-amount-hint = What the bills of the month come to after discounts counts, whoever paid them, less refunds and credits. 0 for nothing any more.
commitment-from = First month
commitment-from-hint = Such as 2026-07: the month that runs or a later one. The next one if left out.
commitment-until = First month without it
commitment-until-hint = Such as 2027-01. Until something else is agreed if left out.
commitment-reason = Why
commitment-ever = until something else is agreed
# $month (String) - a month
commitment-until-month = until { $month }, which is not in it
# $month (String) - a month
commitment-in = to be spent in { $month }
commitment-spent = Spent of it
commitment-spent-hint = billed so far; what is used and not billed yet is not in it
commitment-missing = Missing of the commitment
commitment-missing-hint = billed with the close of the month if nothing more is spent; forecasts do not count it
# $from (String) - an instant
# $to (String) - an instant
commitment-of = What was billed from { $from } to { $to }, the end not in it, is less than was agreed.
