# Quarantine.
quarantine = Quarantine
quarantine-sub = Readings that have no place yet. None is lost: what fits later is taken then.
nothing-in-quarantine = Nothing waits
nothing-in-quarantine-hint = Readings that cannot be placed appear here, with the reason.
by-reason = By reason
kept-for = Reason
readings = Readings
oldest = Oldest
newest = Newest
try-again = Try again
all-readings = All readings
newest-first = The newest first.
chosen = Chosen
reading = Reading
resource-and-meter = Resource and meter
happened = Happened
try-chosen-again = Try the chosen again
# $taken (String) - how many were taken
# $stay (String) - how many stay
tried-again = Taken: { $taken }. Still waiting: { $stay }.
more-to-try = These were the oldest 10,000. Try again for the others.
reason-unknown-resource = Unknown resource
reason-unknown-meter = Unknown meter
reason-not-delivered = Before the delivery
reason-not-running = Not running
reason-no-price = No price
reason-conflict = Contradicts another
reason-late-for-peak = Late for a peak
reason-too-late = Too late
reason-not-a-counter = Not a counter
hint-unknown-resource = No resource has this name. Mend the sender, or wait for the delivery; then try again.
hint-unknown-meter = Its product reads no such meter. Apply a price book that does, then try again.
hint-not-delivered = It happened before the resource was there. Check the clock of the sender.
hint-not-running = The resource did not run then. Check the clock of the sender.
hint-no-price = The price book cannot price the resource. Apply one that does, then try again.
hint-conflict = Another reading of the same instant says something else, and stands. A correction changes it.
hint-too-late = Its cycle ended too long ago. A correction takes it into account.
hint-not-a-counter = What is charged is no sum: send what was used, not where a counter stood.

# Coverage.
coverage = Coverage
coverage-sub = What lives, and is not priced, not measured, or silent for longer than expected.
silent-after = Silent after
# $hours (String) - how many
so-many-hours = { $hours } h
all-covered = Everything is covered
all-covered-hint = All that lives is priced and measured, and every meter has reported.
unpriced = Not priced
unpriced-hint = The price book of now cannot price them, or charges nothing for them.
unmetered = Not measured
unmetered-hint = They live and have no life line.
silent = Silent
silent-hint = They run, and their meters have not reported.
one-of-them = One of them
customer-account = Account
resource = Resource
meter = Meter
last-reading = Last reading
running-since = Running since
not-yet = never

# Settlement.
settlement = Settlement
# $seconds (Number) - how many
settlement-sub = { $seconds ->
    [one] A cycle closes { $seconds } second after it ends.
   *[other] A cycle closes { $seconds } seconds after it ends.
}
cycles = Cycles
cycle = Cycle
cycle-hour = Hour
cycle-day = Day
cycle-month = Month
accounts-done = Accounts
settled-to = Settled to
last-close = Last close
set-aside = Set aside
under-way = under way
all-settled = up to date
# $all (Number) - of how many
# $done (String) - how many
so-many-done = { $all ->
    [one] { $done } of { $all } account
   *[other] { $done } of { $all } accounts
}
nobody-has-such = no account has such cycles
# $seconds (String) - how many
closed-after = { $seconds } s after its end
# $cycle (String) - the kind
# $from (String) - its begin
# $to (String) - its end
open-run = Run under way: { $cycle }, { $from } to { $to }
# $begun (String) - when it began
# $seconds (String) - how long ago
run-since = Since { $begun }, { $seconds } s.
nothing-in-hand = No node has accounts of it in hand just now.
node = Node
accounts-in-hand = Accounts
lease-until = In hand until
set-aside-hint = They failed; the others went on. Tried again, they are settled by the next run.
none-set-aside = None.
try-all-again = Try all again
# $count (String) - how many
taken-back = Tried again by the next run: { $count }.
