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
contract-options = Only for these options, such as spec=1U1G or region=guangzhou|shanghai
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
