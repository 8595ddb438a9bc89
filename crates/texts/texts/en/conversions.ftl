# What is paid by use becomes prepaid.
convert = Pay ahead
convert-hint = It becomes annual/monthly: cheaper where it runs all the time. What it is stays, and nothing is delivered anew.
# $at (String) - an instant
convert-until = Paid ahead until { $at }, if you pay now
convert-by-use = By-use charges end in the second of the payment; what was used up to it is billed at the next full hour.
# $money (String) - a sum with its currency
convert-frees = { $money } that are held for its use become free.
convert-no-whole = What is converted is not refunded in full within five days.
order-converted = Annual/monthly
# $product (String) - what its product is called
convert-not-product = { $product } is paid by use: it cannot be paid ahead.
# $with (String) - an option and its value
convert-not-with = With { $with } it cannot be paid ahead; buy another that is annual/monthly.
# $state (String) - how it stands
convert-not-while = It can be paid ahead while it runs or is stopped. Now: { $state }.
to-that-order = To that order
# What is prepaid becomes pay-as-you-go.
by-use = Change to pay-as-you-go
by-use-hint = What was not used of what you paid goes back, and it goes on, paid by the use of it. Nothing stops.
# $name (String) - what it is called
by-use-sub = What would go back of { $name } now, and what it costs from then on. Nothing is changed yet.
by-use-not = It stays as it is paid
by-use-then-on = It goes on without a break: no deadline, no renewal, and you can release it at any time.
by-use-then-tiers = Pay-as-you-go charges begin in that second, from the first tier of the price on.
by-use-then-raises = Raises for some days end with it: it is what it is without them, and what was paid for their days that are left goes back.
by-use-then-whole = What was used is taken off, however soon it is; what vouchers paid does not go back.
# $money (String) - a sum with its currency
by-use-holds = { $money } of the balance are held for its use while it lives.
# $money (String) - a sum with its currency
by-use-day = A day costs { $money } as it is, without traffic and packs.
by-use-now = Change it now
