# A form that was made for another house than the one that somebody is in.
# $name (String) - the customer
made-for = This page was made for { $name }
made-for-operator = This page was made for the operator’s own pages
# $name (String) - the customer
now-acting = You act for { $name } now. Nothing was changed.
now-not-acting = You act for nobody any more. Nothing was changed.
form-holds = What you filled in
field-amount = Amount
field-from = From
field-until = Until
field-min-spend = For orders of at least
go-back-and-look = Go back there, and look at the form once more
go-on-without = Go on without it
form-is-kept = Your form was kept. Nothing is sent yet.
send-kept-form = Send the form
back-to-form = Back to the form, filled in
look-once-more = You were signed out before this was sent. Look at it once more, and send it.
own-keys-are-theirs = Who acts for a customer sees its keys and makes none. The operator’s own page of keys makes keys for customers.
field-day = Day of the month
field-limit = Limit
field-code = Code
field-when = Options
field-below = When less is available than
field-ceiling = At most in a month
field-total = Price
field-price = Price in mind
