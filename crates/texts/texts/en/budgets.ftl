# Budgets.
budgets = Budgets
budgets-sub = What you mean to spend in a month. You are told when a threshold is reached, or when the month is heading for it.
no-budgets = No budgets yet
no-budgets-hint = A budget tells you in time what a month is coming to.
budget = Budget
# $month (String) - the month
spent-in = Spent in { $month }
# $spent (String) - how much
# $amount (String) - of how much
spent-of = { $spent } of { $amount }
heading-for = Heading for
forecast-not-begun = the month has not begun
forecast-over = the month is over
forecast-unknown = not known just now
thresholds = Thresholds
# $percents (String) - thresholds of what was spent
thresholds-actual = at { $percents }
# $percents (String) - thresholds of the forecast
thresholds-forecast = heading for { $percents }
whole-account = The whole account
# $name (String) - the project
of-project = Project { $name }
new-budget = New budget
make-budget = Make the budget
budget-of = What it counts
# $unit (String) - the currency
budget-amount = For each month, in { $unit }
told-at = Tell when so much is spent, in percent
told-at-hint = Such as 50, 80, 100. Each is told once a month.
told-ahead = Tell when the month is heading for so much, in percent
told-ahead-hint = What the whole month will come to if all that runs goes on as it is: the forecast of the overview. Nothing is stopped.
budget-made = The budget is made.
budget-changed = The budget is changed.
budget-ended = The budget is deleted.
change-budget = Change the budget
save-changes = Save the changes
delete-budget = Delete the budget
over-budget = Over budget
