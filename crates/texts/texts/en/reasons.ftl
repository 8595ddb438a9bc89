# Why something is refused, with the names that people see.
reason-empty = Fill this in.
# $word (String) - what was sent
# $words (String) - what there is to choose
reason-not-among = “{ $word }” is none of what can be chosen here; choose one of: { $words }.
# $text (String) - what was typed
reason-no-number = “{ $text }” is no whole number that can be used here.
# $text (String) - what was typed
reason-no-month = “{ $text }” is no month. Write it such as 2026-06.
# $month (String) - such as 2026-06
# $until (String) - an instant
reason-month-not-over = { $month } is not over: its use is not known until { $until }. Choose an earlier month.
reason-no-time = This is no time that can be used here. Write a day such as 2026-06-30, or a time such as 2026-06-30 12:00:00, neither too early nor too late.
# $most (String) - how many
reason-quantity = The quantity is a whole number from 1 to { $most }.
# $months (String) - numbers of months
reason-months = Choose one of these numbers of months: { $months }.
# $months (Number) - how many
reason-fewer-months = { $months ->
    [one] This choice is sold for { $months } month or more.
   *[other] This choice is sold for { $months } months or more.
}
reason-no-months = Only what is annual/monthly has a duration.
# $option (String) - an option
# $value (String) - what was chosen
# $choices (String) - what there is to choose
reason-not-on-sale = { $option } cannot be “{ $value }”; choose one of: { $choices }.
# $option (String) - an option
# $choices (String) - what there is to choose
reason-missing = { $option } is missing; choose one of: { $choices }.
# $option (String) - an option
# $value (String) - what was chosen
# $from (String) - a number
# $to (String) - a number
# $step (String) - a number
reason-out-of-range = { $option } is “{ $value }”; it goes from { $from } to { $to } in steps of { $step }.
# $option (String) - an option
# $value (String) - what was chosen
# $other (String) - another option
# $least (String) - a number
reason-below = { $option } is { $value }; it is 0 or not below { $other }, which is { $least }.
# $at (String) - an instant
reason-expired = Its deadline { $at } has passed. Renew it first.
# $order (String) - the number of an order
reason-open-order = Its order { $order } is not paid yet. Pay that or cancel it first.
# $order (String) - the number of an order
reason-order-paying = A card is paying its order { $order }. Wait for that, or give the payment up.
# $order (String) - the number of an order
reason-order-paid = Its order { $order } is paid and being delivered. Wait for that.
reason-other = It is not any more what it was when this was ordered. Order it again.
# $quoted (String) - an amount with its currency
# $now (String) - an amount with its currency
reason-back-changed = { $quoted } was to go back, and { $now } goes back now.
reason-hold-changed = What is held of the balance while it lives is not any more what it was.
# $state (String) - how it stands
reason-not-changed = Its options are changed while it runs or is stopped. Now: { $state }.
# $option (String) - an option
reason-fixed = { $option } of this product cannot be changed while it lives.
# $option (String) - an option
reason-only-raised = { $option } of this product is only raised. Keep it, or buy another.
reason-same = It has these options already. Choose another.
reason-lowered = It would cost less for the time that is left, and what is annual/monthly is not lowered. Keep it, or buy another.
# $most (Number) - how often
reason-lowered-often = { $most ->
    [one] It was lowered once, and that is as often as it goes. Keep it, or buy another.
   *[other] It was lowered { $most } times, and that is as often as it goes. Keep it, or buy another.
}
# $option (String) - an option
# $value (String) - a value of it
# $most (String) - how often
reason-switched-often = { $option } was switched to { $value } as often as it goes ({ $most }). Keep it, or buy another.
# $option (String) - an option
# $other (String) - another option
reason-switch-alone = { $option } is not changed together with { $other }. Change one, then the other.
# $from (String) - an instant
# $to (String) - an instant
reason-raised = Some days of it are raised, from { $from } to { $to }. Change it once these are over.
# $option (String) - an option
reason-not-for-days = { $option } of this is not raised for some days. Change it for all the time that is left.
reason-one-for-days = Choose one option that is to be more on these days, and nothing else.
# $option (String) - an option
reason-not-more = { $option } would not be more than it is. Choose more for these days.
# $text (String) - what was typed
reason-no-day = “{ $text }” is no day. Write it such as 2026-06-01.
# $text (String) - what was typed
reason-day-too-far = “{ $text }” lies too far ahead, behind its deadline. Choose a last day before that.
reason-half-days = Fill in both the first and the last day, or neither.
reason-days-swapped = The last day lies before the first; swap them.
# $at (String) - an instant
reason-day-begun = The first day began at { $at }. Begin tomorrow, or change it at once.
# $at (String) - an instant
reason-behind-deadline = Its deadline is { $at }, and the last day ends behind it. Renew it first.
# $from (String) - an instant
# $to (String) - an instant
reason-days-taken = It is raised from { $from } to { $to } already. Choose other days.
reason-prepaid-already = It is annual/monthly; renew it to have it for longer.
reason-by-use-already = It is paid by use already; there is nothing to convert.
# $product (String) - what a product is called
reason-stays-prepaid = { $product } stays annual/monthly to its deadline. Refund it, and buy another that is paid by use.
# $state (String) - how it stands
reason-not-converted = The way it is paid is changed while it runs or is stopped. Now: { $state }.
reason-nothing-to-renew = What is paid by use has no deadline; there is nothing to renew.
# $at (String) - an instant
reason-too-late-to-renew = It could be renewed until { $at }. Buy another.
# $now (String) - an instant
# $shown (String) - an instant
reason-deadline-moved = It is paid until { $now } by now, not until { $shown }.
reason-twice = It is named twice. Choose each resource once.
# $state (String) - how it stands
reason-not-renewed = It is not renewed as it stands now: { $state }.
page-not-so = This page cannot be shown as it is asked for
not-there = It does not exist, or belongs to somebody else. Check its name or number.
# $least (String) - a number
# $most (String) - a number
rule-line = Write { $least } to { $most } characters on one line.
# $least (String) - a number
# $most (String) - a number
rule-text = Write { $least } to { $most } characters.
# $most (String) - a number
rule-id = Write 1 to { $most } visible ASCII characters without spaces, such as the number of a ticket.
# $least (String) - a number
# $most (String) - a number
rule-letters = Write { $least } to { $most } letters, digits and hyphens.
# $least (String) - a number
# $most (String) - a number
rule-whole = Write a whole number from { $least } to { $most }.
# $least (String) - a number
rule-at-least = Write a whole number, { $least } or more.
rule-sum = Write an amount such as 12.50, without a sign and without separators.
# $places (String) - how many
rule-places = Write at most { $places } digits behind the point.
rule-positive = Write an amount above 0, such as 12.50.
rule-not-negative = Write an amount of 0 or more, such as 12.50.
# $sum (String) - an amount with its currency
rule-at-most = { $sum } is left; write that or less.
# $highest (String) - a number
# $most (String) - a number
rule-percents = Thresholds are whole percents from 1 to { $highest }, each once, { $most } at most; write them like 50, 80, 100.
rule-rate = Write a rate from 0 to 1 with at most four digits behind the point, such as 0.9.
rule-offer-rate = Write a rate above 0 and at most 10, such as 0.85.
rule-ahead = This is over by now; name a time that lies ahead.
# $days (String) - how many
rule-within = Name a day that lies ahead, at most { $days } days from now.
rule-after-from = This is not after the beginning; name a later time.
# $most (String) - a number
rule-listed = Choose at most { $most }, each once, or none for all.
# $word (String) - what was chosen
rule-no-product = The price book has no product “{ $word }”; choose one that it has, or none for all.
# $word (String) - what was chosen
rule-no-region = The price book has no region “{ $word }”; choose one that it has, or none for all.
rule-no-orders = What is paid after use has no orders; tick none of them, or choose another billing.
rule-tag = A tag has a key of 1 to 60 characters without a colon, and a value of at most 100.
# $words (String) - codes
rule-currencies = Name one of these currencies: { $words }.
rule-country = Write two letters, such as CN, DE or US.
rule-tax-number = Write letters, digits, points and dashes alone.
rule-mail = This is no mail address; write one such as name@example.com.
rule-top-up-below = Write an amount above 0, or choose that debts are collected.
rule-one-top-up = A month takes one top-up at least: write its amount or more.
rule-total-or-rate = Write either a price or a share of the list price.
# $below (String) - an amount with its currency
# $above (String) - an amount with its currency
rule-same-per-piece = This is not the same for each piece; write { $below } or { $above }.
# $sum (String) - an amount with its currency
rule-nearest = This cannot be had as a share of the list price; the nearest is { $sum }.
rule-paid-ahead = Nothing of this is paid with the order, and an offer sets no price of what is paid after use; choose something else.
rule-bill = This customer has no such bill; look its number up among the bills of the customer.
# $option (String) - an option
reason-no-option = { $option } cannot be chosen for this product; leave it out.
# $option (String) - an option
reason-goes-not-with = { $option } does not go with what else is chosen; leave it out, or choose otherwise.
# $choices (String) - what there is to choose
reason-no-combination = This is not sold together. On sale are: { $choices }.
reason-retired = This is not sold any more; choose something else.
# $what (String) - a problem
rule-file = The file has problems, the first of them: { $what }.
