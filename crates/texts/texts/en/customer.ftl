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
