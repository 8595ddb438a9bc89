# What is paid by use becomes prepaid.
convert = Pay ahead
convert-hint = It becomes prepaid: cheaper where it runs all the time. What it is stays, and nothing is delivered anew.
# $at (String) - an instant
convert-until = Paid ahead until { $at }, if you pay now
convert-by-use = By-use charges end in the second of the payment; what was used up to it is billed at the next full hour.
# $money (String) - a sum with its currency
convert-frees = { $money } that are held for its use become free.
convert-no-whole = What is converted is not refunded in full within five days.
order-converted = Prepaid
# $product (String) - what its product is called
convert-not-product = { $product } is paid by use: it cannot be paid ahead.
# $with (String) - an option and its value
convert-not-with = With { $with } it cannot be paid ahead; buy another that is prepaid.
# $state (String) - how it stands
convert-not-while = It can be paid ahead while it runs or is stopped. Now: { $state }.
to-that-order = To that order
