# What a past month would have come to by another price book.
what-a-month-would-cost = What a past month would have come to
what-a-month-would-cost-hint = Rates a month of all customers once more by this book, and shows who would have paid more or less. Nothing is written.
month-to-rate = Month; empty: the last one that is over
rate-month-again = Rate it again
# $month (String) - the month
impact-of = { $month } by the new prices
# $name (String) - the book
impact-sub = What would have been billed by { $name }, beside what was. Nothing was written.
# $text (String) - what was typed
no-past-month = “{ $text }” is no month that is over. Write it such as 2026-06.
# $count (Number) - how many were looked at
# $all (String) - how many there are
# $shown (String) - how many were looked at, with its thousands parted
first-customers = { $count ->
    [one] This is the first of { $all } customers. till pricebook diff --on looks at all of them.
   *[other] These are the first { $shown } of { $all } customers. till pricebook diff --on looks at all of them.
}
customers-with-use = Customers with use
pay-more = Pay more
pay-less = Pay less
month-before = Billed
month-after = By this book
no-use-in-month = Nothing was used in the month that is paid after use.
most-first = Those whose sum changes most.
keeps-price = Keeps its price
keeps-price-hint = This book has no price for it. It is counted at the old price on both sides, and the book cannot be applied while it lives.
by-themselves = Billed by themselves
# $count (Number) - how many
left-out-of-impact = { $count ->
    [one] { $count } customer is not counted
   *[other] { $count } customers are not counted
}
left-out-of-impact-hint = They are on neither side, each for the reason beside it.
impact-own-prices = it has contract prices, which a price book does not change
impact-paid-ahead = What is paid ahead is not in it: paid orders keep their price.
impact-people = Credits and debits by people are not in it.
back-to-book = Back to what the book changes
# $count (Number) - how many
impact-renews = { $count ->
    [one] { $count } resource that is paid ahead costs otherwise from its renewal on.
   *[other] { $count } resources that are paid ahead cost otherwise from their renewal on.
}
