# Customers, their money and what operators do about it.
# Navigation.
home = Today
group-running = Running
group-money = Money
group-cost = Cost
group-house = Till
tasks = Tasks of the cloud
in-arrears = In arrears
top-ups = Top-ups
corrections = Corrections
keys = Keys
audit-log = Audit log

# Home.
# $month (String) - the month
revenue-so-far = Revenue in { $month } so far
revenue-hint = what bills of the month came to
money-in-today = Paid in today
money-in-hint = grants left out
# $count (Number) - how many customers
by-so-many-customers = { $count ->
    [one] by { $count } customer
   *[other] by { $count } customers
}
what-waits = What waits
how-many = How many
tasks-failed = Tasks of the cloud that failed
tasks-waiting = Tasks of the cloud that are tried again
tasks-open = Tasks that the cloud has in hand
accounts-aside = Accounts that a settlement set aside
readings-waiting = Readings in quarantine
books-withheld = Price books that did not begin
jobs = Jobs
in-time = In time
late = Late
nothing-waits = None
waits = Waiting
arrears-hint = What happens next, and when, if nothing is paid.
arrears-board = Arrears board
nobody-in-arrears = Nobody is in arrears
nobody-in-arrears-hint = Customers who owe appear here, with what happens to them next.

# The arrears board.
customer = Customer
done-so-far = Done so far
next-step = Next
nothing-stopped = nothing yet
# $count (Number) - how many
so-many-stopped = { $count } stopped
# $count (Number) - how many
so-many-limited = { $count } limited
nothing-next = Nothing by itself

# One customer.
open-account = Open an account
open-account-sub = With an empty balance. The same name on the same terms again is the account that there is.
account-opened = The account is open.
was-topped-up = The money is in.
was-corrected = The bill is made.
# $at (String) - an instant
customer-since = customer since { $at }
# $owed (String) - an amount with its currency
# $since (String) - an instant
owes-since = Owes { $owed } since { $since }.
# $month (String) - the month
billed-in = Billed in { $month }
terms = Terms
terms-sub = For what is quoted, ordered and settled from now on.
change-terms = Change terms
contract-rate-field = Contract rate
contract-rate-hint = What prices are multiplied with where the price book allows it: 0.9 is ten per cent off.
real-name = Real name
verified = Checked
not-verified = Not checked
balance-alert = Balance alert
balance-alert-hint = Told when less than this is available. Empty for never.
no-alert = none
no-stop-days = Days without a stop
no-stop-days-hint = What is annual/monthly runs on for so long behind its deadline. More days hold for what is there too, fewer for what is bought from now on.
# $sum (String) - an amount with its currency
below = below { $sum }
currency = Currency
# $currency (String) - the currency of the price book
currency-hint = { $currency } if left empty. It never changes.
# $currencies (String) - codes of currencies
currencies-hint = Sold in: { $currencies }. It never changes.
scopes = May
never = never
key-holds = does not end by itself
# $at (String) - an instant
key-revoked = ended on { $at }
# $at (String) - an instant
key-expired = expired on { $at }
all-of-it = All
nothing-yet = Nothing yet
by-whom-done = Who
correct = Correct

# Top-ups.
top-up = Top up
top-up-sub = Money that came in from outside, or is granted. Debt is paid first.
into-purse = Into
reference = Reference
reference-hint = What tells one payment from another, such as the bank’s number of a transfer. The same again adds nothing.
look-before = Look at it first
what-is-written = What will be written
comes-in = Comes in
# $reference (String) - what tells the payment from others
top-up-there = The payment { $reference } was written down before. Nothing is added.
# $name (String) - the customer
back-to = Back to { $name }
# $sum (String) - an amount with its currency
# $name (String) - the customer
put-in = Put { $sum } into the balance of { $name }
top-ups-sub = What came in or was granted, of all customers.
no-top-ups = No money came in yet
no-top-ups-hint = Top-ups appear here, with their references.
customer-or-id = Customer, name or id
sum = Sum

# Corrections.
credit-or-debit = Credit or debit
correct-sub = Nothing is edited: a bill of its own stands beside the one that was wrong, with who and why.
direction = Direction
credit = Give back
debit = Charge
bill-number = Bill
bill-number-hint = Its id, such as bil_019eb769….
reason = Reason
reason-hint = It is shown wherever the correction is.
ticket = Ticket
ticket-hint = What tells this correction from others. The same again changes nothing.
find-bill = Bills of this customer
# $id (String) - what tells the correction from others
correction-there = The correction { $id } was made before. Nothing is changed.
# $sum (String) - an amount with its currency
give-back-sum = Give back { $sum }
# $sum (String) - an amount with its currency
charge-sum = Charge { $sum }
corrections-sub = What people put right, of all customers: bills, readings, prices.
no-corrections = Nothing was put right yet
no-corrections-hint = Corrections appear here, with who made them and why.
all-customers = All customers
correction-void = Reading that does not count
correction-replace = Reading with another quantity
correction-credit = Given back
correction-debit = Charged
correction-rerate = Prices of a past period

# Orders and tasks.
all-orders-sub = Of all customers, the newest first.
no-orders-here = Orders of customers appear here, with how far each is.
any-state = Any state
order-paid = Paid
order-delivering = Being set up
tasks-sub = What the cloud was asked to do, the oldest first.
no-tasks = No task in this state
no-tasks-hint = What the cloud is asked to do appears here, with how often it was tried and why it failed.
tries = Tries
# $attempt (Number) - the attempt
# $most (Number) - how many at most
try-of = { $attempt } of { $most }
asked-at = Asked
asked-again-at = Due
over-at = Over since
to-be = Is to be
task-provision = Set up
task-change = Change
task-stop = Stop
task-start = Start
task-release = Release
task-open = In hand
task-waiting = Tried again later
task-done = Done
task-failed = Failed
task-given-up = Given up
task-over = This task is over.
ask-again = Ask the cloud again
ask-again-hint = The cloud is asked at once, as one more try.
give-up = Give up
give-up-delivery = Giving up gives the money of the delivery back in full.
give-up-release = Giving up counts the release as complete: nothing is charged any more.
give-up-other = Giving up leaves it as it is.

# The audit log.
# $count (Number) - how many
more-fields = { $count ->
    [one] { $count } more field
   *[other] { $count } more fields
}
audit-log-sub = Who wrote what, of all customers and of the till itself.
audit-of-two-clocks = This till runs on a test clock. Signing in, people, passwords and second factors go by real time: their entries can stand above those that the test clock dates.
who-did = Who: mail or id
what-was-done = What was done

# Keys.
keys-sub = What programs may do. The text of a key is shown once.
no-keys = No keys yet
no-keys-hint = Keys of clouds, meters, operators and customers appear here, with when each was used last.
make-key = Make a key
make-key-hint = For a customer’s key, find the customer first.
# $name (String) - the customer
key-for = A key of the customer { $name }.
key-made = The key is made
key-shown-once = Keep it now: it is not shown again.
rotate-key = Replace by a new one; good for a day beside it
revoke-key = End at once
scope-read = read
scope-buy = read and buy
scope-cloud = take tasks of the cloud
scope-meter = send usage
scope-operator = everything
key-ends = Ends on
key-ends-hint = A day, or empty for never.
key-addresses = From
key-addresses-hint = Networks such as 203.0.113.0/24, parted by spaces. Empty for anywhere.
in-hand = In hand
to-be-looked-at = To be looked at
