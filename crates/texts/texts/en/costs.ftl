# Costs.
costs = Costs
costs-sub = By the time of use; what is not settled yet is not in it.
# $month (String) - the month
costs-of = Costs of { $month }
cut-by = Cut by
by-day = By day
by-region = By region
by-project = By project
# $unit (String) - the currency
by-day-of-use = { $unit } by day of use. What was prepaid counts on the day on which it began.
nothing-spent-then = Nothing was deducted for this month
none-of-these = None
sum-of-groups = Sum

# Resource packs.
packs = Resource packs
packs-sub = Shared by everything that they cover.
no-packs = No resource packs
no-packs-hint = A pack covers use ahead of pay-as-you-go, at a lower price.
left = Left
# $left (String) - how much
# $whole (String) - of how much
left-of = { $left } of { $whole }
good-until = Good until
empty-on = Empty on
buy-another = Buy another
now = Now
pack-scheduled = Scheduled
pack-active = Active
pack-exhausted = Used up
pack-expired = Expired

# Notices.
notices = Notices
all-notices = All notices
no-notices = No notices
no-notices-hint = Low balance, arrears, packs that run low, deadlines and renewals, budgets and offers are told here.
