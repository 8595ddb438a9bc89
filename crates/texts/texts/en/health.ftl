# Revenue.
revenue-title = Revenue
revenue-sub = What all customers were billed, by the month of use.
no-revenue = Nothing was billed
no-revenue-hint = No bill fits what is chosen above.
last-month = Last month
how-many-months = How many months
# $count (Number) - how many
so-many-months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
every-region = All regions
show-these = Show
# $unit (String) - the currency
revenue-by-month = { $unit } by month of use.
other-products = Other products
by-month = By month
by-product = By product
altogether = Altogether
# $month (String) - the month
bills-of-all = All bills of { $month }
amount-of-each = Amount

# Health.
health = Health
health-sub = What /ready and /metrics know.
not-ready = Not ready
is-ready = Ready
may-be-asked = Requests
# $version (String) - of the program
version = Version { $version }
longest-late = Longest overdue
longest-late-hint = of all jobs
cloud-tasks = Tasks of the cloud
# $count (Number) - how many
so-many-aside = { $count ->
    [one] { $count } account set aside
   *[other] { $count } accounts set aside
}
# $count (Number) - how many
books-that-did-not-begin = { $count ->
    [one] { $count } price book that did not begin
   *[other] { $count } price books that did not begin
}
background-jobs = Jobs
jobs-hint = By the clock of the till, of all nodes; signs of life are of this node.
job = Job
did-something = Did something last
overdue-seconds = Overdue, s
sign-of-life = Sign of life
done-by = Done by
# $seconds (String) - how many
seconds-ago = { $seconds } s ago
database = Database
pool = Connections
in-use = In use
idle = Idle
who-wait = Waiting
at-most = At most
pool-short = Short operations
pool-reports = Reports
disk-full = No room left
disk-has-room = Has room
clock-and-key = Clock and key
time-now = Time now
test-clock = Test clock
newest-close = Newest close
anchored = Audit log anchored
installation-key = Installation key
webhooks = Webhooks
webhooks-hint = Where messages wait to be sent.
no-message-waits = No message waits.
whose = Whose
waiting = Waiting
failing = Failing
audit = Audit
audit-hint = Derives the books again from what is only ever added to, and tells what differs. Large books take longer than a page waits: run till verify there.
audit-now = Audit now
books-add-up = The books add up.
accounts = Accounts
# $count (Number) - how many
# $shown (String) - the same with its thousands parted
lines-priced-again = { $count ->
    [one] { $shown } line priced again
   *[other] { $shown } lines priced again
}
log-entries = Audit log
# $count (Number) - how many
# $shown (String) - the same with its thousands parted
facts-held = { $count ->
    [one] { $shown } fact held against it
   *[other] { $shown } facts held against it
}
what-differs = What differs
job-begin-books = Price books begin
job-corrections = Corrections of prices
job-settle = Settlement
job-arrears = Arrears
job-renewals = Renewals, and notices of deadlines
job-life = What time does to resources
job-time-outs = Orders that wait too long
job-reminders = Reminders of packs and vouchers
job-deliveries = Tasks of the cloud
job-old-events = Old events
job-alerts = Low balances
job-budgets = Budgets
job-statements = Statements by mail
job-bill-sums = Sums of bills
job-price-notices = Notices of prices that change
