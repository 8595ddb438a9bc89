# Around every page.
skip = Skip to content
menu = Menu
main-navigation = Main
theme = Theme
overview = Overview
customers = Customers
members = Members
users = Users
security = Sign-in and security
sign-out = Sign out
signed-in-as = Signed in as
operator = Operator
api-docs = API
available = Available
frozen = Frozen
owed = Owed
# $zone (String) - the zone of settlement
times-are = Times are { $zone }.
# $zone (String) - a time zone
at-in = Time ({ $zone })
# $name (String) - the customer
acting = You act for { $name }.
acting-noted = Everything you do is noted in its audit log.
stop-acting = Stop acting

# $count (Number) - how many things are wrong
nothing-was-changed = { $count ->
    [one] Something is not right. Nothing was changed.
   *[other] { $count } things are not right. Nothing was changed.
}
nothing-here = There is nothing at this address
nothing-here-why = does not exist, or belongs to somebody else.
to-overview = To the overview
open-again = Open the page again
not-allowed = Your role does not allow this. Ask an owner or an administrator.
session-over = You were signed out. Sign in again.
form-large = This form holds more than it may.
form-foreign = This form is too old, or was not made for this browser. Nothing was changed.

# Words of many pages.
name = Name
mail = E-mail
role = Role
since = Since
actions = Actions
product = Product
search = Search
next = Next
pages = Pages
more-follow = More follow
copy = Copy
change = Change
yes = Yes
changed = Changed.
form-of-another = This page was opened for another account than the one you are signed in to now. Nothing was changed.
session-ran-out = Your session ended, and you were signed out.
session-ran-out-unsaved = What you filled in was not saved. Sign in again, and you come back to that page.
session-ran-out-kept = What you filled in is kept, but passwords and files. Sign in again, and the form comes back.
kept-not-by-provider = Signed in by the provider, you come back to that page without what you filled in.
session-ran-out-hint = Sign in again, and you go on where you were with what you chose.
# $role (String) - what the role is called
acting-as = acting for it, as { $role } of the operator
