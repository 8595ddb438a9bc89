# Costs.
costs = Costs
cost-most = What cost most
costs-sub = By the time of use; what is not settled yet is not in it.
costs-sub-paid = By the time at which it was deducted; the last hour of a month and its monthly bills stand in the next.
costs-sub-consumed = What was paid ahead, spread over the days or the use that it is for. This is for looking at; bills are reconciled by the other two.
counted-by = Counted by
basis-used = Time of use
basis-paid = Time of payment
basis-consumed = Consumption
by-kind = By kind
left-at-the-end = Left when it ended
nothing-paid-then = Nothing was deducted in this month
nothing-consumed-then = Nothing was consumed in this month
# $unit (String) - the currency
consumed = Consumed, { $unit }
# $unit (String) - the currency
by-day-of-payment = { $unit } by day of payment.
# $unit (String) - the currency
by-day-of-consumption = { $unit } by day of consumption. What was paid ahead is spread from its first day to the one before it expires, days to come included; a pack counts as it is drawn on.
day-below-zero = A day can be below zero: what a refund or a correction gives back counts on its own day, as one sum. What a change gives back is spread over the days that are left.
# $month (String) - the month
costs-of = Costs of { $month }
cut-by = Cut by
by-day = By day
by-region = By region
by-project = By project
# $key (String) - the key of a tag
by-tag = By tag { $key }
months-ahead = Months ahead
months-ahead-hint = Months ahead into which something falls that is paid already:
cost-tags = Cost tags
cost-tags-sub = Costs are cut by these keys of tags. A key counts from the month on in which it is made a cost tag; months before stay as they are.
cost-tags-counted = A bill counts with the tags that its resource had when it was billed: bills from before the resource got its tag stay under “None”. A key may be made a cost tag before any resource has it.
on-no-resource = on none of your resources now
no-cost-tags = No cost tags
# $most (String) - how many
no-cost-tags-hint = Write tags on resources, then make their keys cost tags here: up to { $most }.
counts-from = Counts from
make-cost-tag = Make a cost tag
cost-tag-key = Key of the tag
# $most (String) - how many
cost-tag-key-hint = There may be { $most } at once.
keys-on-resources = Keys on your resources
# $unit (String) - the currency
by-day-of-use = { $unit } by day of use. What is paid ahead counts on the day on which it is charged, also where it begins later.
nothing-spent-then = Nothing was deducted for this month
none-of-these = None
no-region = No region
no-region-hint = What is sold for all regions, such as a pack, and what rounding gives back for a product in all its regions are of no region.
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
good-from = Good from
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
