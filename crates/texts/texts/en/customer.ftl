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
stop-causes = Stopped, disks and addresses are charged on, and CPU and memory too.
stop-free-causes = Stopped without charge, CPU and memory cost nothing; disks and addresses are charged on. Whether it starts again depends on what is free then.
start-causes = They run, and are charged as running.
release-causes = Their charge ends. Their data and their addresses are gone, at once or after their time in the bin.
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
