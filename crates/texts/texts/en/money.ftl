# The overview.
# $now (String) - this minute
up-to-now = { $now }. Every figure is up to this minute.
# $cash (String) - an amount
# $bonus (String) - an amount
cash-and-bonus = cash { $cash }, bonus { $bonus }
frozen-for = held for orders and for what runs
# $since (String) - when the arrears began
owed-since = in arrears since { $since }
nothing-owed = nothing
# $month (String) - such as 2026-06
month-so-far = { $month } so far
month-hint = Billed is final. Open is what would be billed if everything ended now.
open-unknown = What is open cannot be computed just now.
nothing-spent = Nothing was spent this month
nothing-spent-hint = What you buy or use appears here, by product.
# $unit (String) - the currency
billed = Billed, { $unit }
# $unit (String) - the currency
open = Open, { $unit }

# Customers.
search-customers = Search customers by name, id or mail address
# $search (String) - what was looked for
no-customer-called = No customer fits “{ $search }”
show-all = Show all
no-customers = No customers yet
no-customers-hint = Accounts that are opened here or through the API appear here.
act-for = Act for
