# Contract prices of a customer.
contract-prices = Contract prices
contract-prices-sub = What this customer pays for a component in place of what the price book says. What was bought and used before keeps its price.
no-contract-prices = No contract prices yet
new-contract-price = New contract price
agree-contract-price = Agree the price
end-contract-price = End now
contract-price-is-agreed = The contract price is agreed.
contract-price-is-ended = The contract price is ended: from now on the price book holds.
contract-price-id = Contract
contract-price-from = From (now if left out)
contract-price-until = Until, which is out
contract-price-open = until it is ended
contract-component-hint = As the price book calls it, such as compute.
contract-options = Only for these options, such as spec=1U1G or region=guangzhou|shanghai
contract-above = Only for the tier that begins at
# $price (String) - the price of the price book
contract-price-instead = Contract price; list price { $price }
