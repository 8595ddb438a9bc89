# What a customer reads beside bills: forecasts.
# $month (String) - the month
forecast-for = Forecast for { $month }
about = about
so-far = So far
forecast-hint = if all that runs goes on as it is
forecast-rule = The forecast is what is billed, and what all that runs now costs if it goes on as it is until the month ends. Use that is measured, such as traffic, counts as far as it was reported.
forecast-of-one = if it goes on as it is; use that is measured counts as far as it was reported
# $billed (String) - an amount
# $open (String) - an amount
billed-and-open = billed { $billed }, open { $open }

# Resources: filters, several at once, labels, other options, use.
region = Region
all-regions = All regions
project = Project
all-projects = All projects
no-project = No project
tags = Tags
tag-filter = Find by tag, as key: value
tag-example = stage: live
with-selected = With the selected ones
selected = selected
select-all = Select all on this page
# $name (String) - the resource
select-one = Select { $name }
move-to-project = Move to project
tag = Tag
# $deed (String) - such as Stop
# $count (String) - how many
do-with = { $deed }: { $count }
stop-causes = Stopped, what is paid by use is charged on: disks and addresses, CPU and memory too. What is annual/monthly is paid until it expires, stopped or not.
stop-free-causes = Stopped without charge, CPU and memory cost nothing; disks and addresses are charged on. Whether it starts again depends on what is free then.
stopped-for-nothing = Stopped, it is charged as before.
not-free-stopped = Nothing of it is free of charge while it is stopped.
start-causes = They run, and are charged as running.
release-causes = Their charge ends. Their data and their addresses are gone, at once or after their time in the bin.
release-causes-at-once = Their charge ends. Their data and their addresses are gone at once.
labels-cause = Nothing that is charged depends on it.
# $unit (String) - the currency
a-day-now = { $unit } a day now
# $unit (String) - the currency
a-day-then = { $unit } a day then
a-day-hint = At the first price step; use that is measured and what packs cover are not in it.
# $why (String) - a sentence
stays = Stays as it is. { $why }
keep-them = Keep them as they are
# $count (String) - how many
write-count = Write { $count } to be sure
# $done (String) - how many
# $all (String) - of how many
done-of = Done: { $done } of { $all }.
to-resources = To the resources
what-became = What became of it
done = Done
refused = Refused
name-project-tags = Name, project, tags
tag-key = Key
tag-value = Value
tag-value-hint = Left empty, the tag is taken away.
# $most (String) - how many
tags-hint = One to a line, as key: value. Up to { $most }.
save = Save
resize = Change options
resize-hint = The new price holds from the second of the change.
a-day-as-it-is = A day, as it is
a-day-changed = A day, changed
resize-at-once = It changes at once: the old price up to that second, the new one after.
# $sum (String) - an amount with its currency
held-then = { $sum } of the balance are held while it lives.
resize-it = Change it
nothing-chosen-else = Nothing else is chosen yet.
# $unit (String) - the unit
largest-by-day = { $unit }, the largest reading of each day
# $unit (String) - the unit
sum-by-day = { $unit } by day
base-peak = base
covered-peak = base
cap-peak = limit
free-peak = free
figures-of-chart = The figures
day = Day

# Types with prices, what a product begins at, the cart.
# $what (String) - an attribute
any-of = { $what }: any
# $shown (String) - how many
# $all (String) - of how many
types-shown = { $shown } of { $all } fit the filters.
# $unit (String) - the currency
list-a-month = List price, { $unit } a month
# $unit (String) - the currency
# $months (String) - such as 6 months
paid-a-month = { $months }, { $unit } a month
# $unit (String) - the currency
list-an-hour = { $unit } an hour; then by steps
# $unit (String) - the currency
list-one-hour = { $unit } an hour
# $unit (String) - the currency
list-a-day = { $unit } a day
# $price (String) - such as 0.13 per hour
price-from = from { $price }
# $ahead (String) - a price
# $after (String) - a price
price-or = { $ahead }, or { $after }
# $ahead (String) - a price
# $after (String) - a price
price-and-attacks = { $ahead }; beside it, when an attack exceeds the base, { $after }
# $ahead (String) - a price
# $after (String) - a price
price-and-use = { $ahead }; beside it, for what is used, { $after }
cart = Cart
to-cart = Put into the cart
change-in-cart = Change it in the cart
cart-empty = The cart is empty
cart-empty-hint = What you put into it stays here until you buy it or take it out, also when you sign out.
buy-more = Buy more
cart-held = The sum is held at once, and deducted item by item as each is delivered.
# $why (String) - a sentence
not-to-be-had = This cannot be had any more as it is. { $why } Change it, or take it out.
changed-since-put-here = Its price changed since you put it here.
change-count = Change quantity
take-out = Take out
cart-not-whole = An item cannot be had as it is; the reason stands beside it. Nothing can be bought until it is changed or taken out.

# Projects and keys.
projects = Projects
projects-sub = Resources are sorted by them, and costs are cut by them.
no-projects = No projects yet
no-projects-hint = Open one, then move resources into it.
open-project = Open a project
new-name = New name
rename = Rename
remove = Remove
own-keys = API keys
own-keys-sub = With a key programs do what the API offers, in the name of this account.
no-own-keys = No keys yet
no-own-keys-hint = Make one for each program, so that each can be ended alone.
own-make-key = Make a key
own-key-made = The key is made. Its text is shown this once.
key-hint = Keep it where only the program finds it. Who has it can do what the key may do.
key-may = What it may do
may-read = Read
may-buy = Buy and change
never-used = never
from-where = From where
anywhere = anywhere
addresses-hint = Addresses or networks such as 203.0.113.0/24, parted by spaces; left empty, from anywhere.
key-good = Good
key-over = Ended
own-rotate-key = Rotate: a new text, the old one is good for a day more
end-key = End it at once

# Numbers that cannot be had.
# $number (String) - such as 105 GB
# $low (String) - a number
# $high (String) - a number
between-steps = { $number } is between two steps. Choose { $low } or { $high }.
# $number (String) - such as 5 GB
# $least (String) - a number
too-few = { $number } is too little. Choose { $least } or more.
# $number (String) - such as 900 GB
# $most (String) - a number
too-many = { $number } is too much. Choose { $most } or less.

# The account.
account = Account
own-currency = Currency
own-verified = Verified
no = No
language = Language
alert = Low balance
# $unit (String) - the currency
alert-below = Tell when less is available than, { $unit }
alert-hint = Everybody who signs in here finds it among the notices. Left empty, nobody is told.
change-and-try-again = Change it and try again.
field-is-wrong = This cannot be taken as it is; change it and try again.
form-is-wrong = Something in the form cannot be taken; change it and try again.
time-is-wrong = This is no time that can be used here. Write a day such as 2026-06-30, or a time such as 2026-06-30 12:00:00, neither too early nor too late.
