# Proposals of price changes.
price-proposals = Price proposals
price-proposals-sub = Price books that are to hold from a date on, with what they were shown to change. Above the limit another operator agrees before they are applied.
no-price-proposals = No price change was proposed yet. Send a price book, rate a month by it, and propose it.
price-proposal = Proposal
moves-of-month = Moves of the month
proposed-by = Proposed by
proposal-is-stale = Compute again
proposal-proposed = Waits for another operator
proposal-ready = Ready
proposal-applied = Applied
proposal-rejected = Rejected
proposal-withdrawn = Withdrawn
proposal-undone = Undone
proposal-id = Proposal, such as the number of a ticket
proposal-from-hint = A time that lies ahead; empty: the date in the book.
propose-it = Propose it
propose-hint = Keeps the book with what it changes of this month beside the book that holds until its date, for yourself or another operator to apply. Nothing holds by it yet.
proposal-is-made = The price change is proposed.
proposal-is-computed = What it changes is computed again.
proposal-is-agreed = You agreed to it. It can be applied now.
proposal-is-rejected = The proposal is rejected.
proposal-is-withdrawn = The proposal is withdrawn.
proposal-is-applied = The book is applied from its date on. Customers whom it hits are told.
proposal-is-undone = The book is taken back. Customers who were told of it are told so.
proposal-stale-hint = Another price book will hold until its date than the one that these figures compare with. Have them computed again.
proposal-needs-another = It moves more of the month than the limit, or the figures say too little: another operator has to agree.
proposal-compute = Compute again
proposal-agree = Agree
proposal-reject = Reject
proposal-withdraw = Withdraw
proposal-agreed-by = Agreed by
proposal-ended-by = Ended by
proposal-movers = Customers that move most
proposal-before-short = By the book until then
# $month (String) - the month that was looked at
proposal-before = { $month } by the book until then
# $percent (String) - a number
proposal-limit = limit { $percent }%
# $customers (Number) - how many there are
# $count (String) - how many were looked at
# $all (String) - how many there are, with its thousands parted
proposal-looked-at = { $customers ->
    [one] { $count } of { $all } customer looked at
   *[other] { $count } of { $all } customers looked at
}
# $name (String) - the book
prices-of = Price book { $name }
# $count (Number) - how many
proposal-customers-told = { $count ->
    [one] { $count } customer was told so far.
   *[other] { $count } customers were told so far.
}
deed-proposed = Proposed a price change
deed-proposal-computed = Computed a price change again
deed-proposal-agreed = Agreed to a price change
deed-proposal-rejected = Rejected a price change
deed-proposal-withdrawn = Withdrew a price change
deed-proposal-applied = Applied a proposed price change
deed-proposal-undone = Took back a proposed price change
