# Mails.

# $month (String) - such as June 2026
# $total (String) - an amount
mail-statement-title = Statement for { $month }: { $total }
# $month (String) - such as June 2026
mail-statement = { $month } is closed. This is what was deducted, by product. It does not change any more: what comes in late is billed in a later month.
mail-deducted = Deducted
mail-see-statement = See the statement
# $account (String) - the name of an account
# $role (String) - what somebody may do
mail-invited-to = You are invited to sign in to Cloudtill for the account { $account } ({ $role }). Set a password with the link.
# $role (String) - what somebody may do
mail-invited = You are invited to sign in to Cloudtill ({ $role }). Set a password with the link.
# $until (String) - when the link ends
mail-invited-until = The link holds once, until { $until }. Whoever has it can set your password: pass it on to nobody.
mail-invitation-title = Set your password
mail-set-password = Set a password
mail-test-title = Mail goes out
mail-test = This is a test: the mail server took this mail. Nothing has to be done.
# $total (String) - an amount
mail-receipt-title = Receipt: { $total } paid
mail-receipt = This was paid from the balance of your account.
mail-receipt-card = This was paid by card.
# $card (String) - an amount
mail-receipt-both = { $card } of this was paid by card, the rest from the balance of your account.
mail-paid = Paid
mail-see-order = See the order
mail-no-address = no address
mail-delivered = What you ordered is running. You reach it here:
mail-delivered-plain = What you ordered is running.
mail-partly = A part could not be delivered.
# $back (String) - an amount
mail-back = { $back } that was held for it is free again and can be spent at once.
mail-card-free = Your card is not charged for it.
mail-nothing-paid = Nothing was charged for it.
# $name (String) - what was ordered
mail-delivered-title = { $name } is delivered
# $name (String) - what was ordered
mail-partly-title = { $name } is delivered in part
mail-see-resource = Open in the console
# $name (String) - what was ordered
mail-failed-title = { $name } could not be delivered
mail-failed = Order again, or choose another zone or type.
# $name (String) - what was to be renewed
mail-not-renewed-title = { $name } could not be renewed
mail-not-renewed = Renew it again; if it is not there any more, buy another.
# $name (String) - what was given back
# $total (String) - an amount
mail-refund-title = { $name } is refunded: { $total }
mail-refund = What was paid for it and not used has gone back to where it came from; a debt was paid first. It costs nothing any more and will be deleted soon.
# $name (String) - what it is called
# $total (String) - an amount
mail-by-use-title = { $name } is pay-as-you-go now: { $total } went back
mail-by-use = What was paid for it and not used has gone back to where it came from. It goes on without a break and is charged by its use from that second on.
mail-refund-card = To the card
mail-refund-cash = To the balance
mail-refund-bonus = To the bonus
mail-refund-income = To the income
mail-refund-owed = Paid of what was owed
mail-refunded = Refunded
mail-see-refund = See how it comes about
# $name (String) - a resource
mail-lowered-title = { $name } is changed
# $name (String) - a resource
# $total (String) - an amount
mail-lowered-back-title = { $name } is changed: { $total } went back
mail-lowered = It costs less from now on. What was left over of what was paid went to your balance; a debt was paid first. Its deadline stays.
mail-lowered-nothing = What was left of what was paid is needed for the new options: no money moved. Its deadline stays.
mail-stopped-title = Resources are stopped: something is owed
# $at (String) - a time
mail-stopped = On { $at }, resources of your account were stopped or limited, because what is owed was not paid in time. They go on by themselves once it is paid; what stays unpaid for longer is deleted with all that it holds.
# $name (String) - a resource
mail-recycled-title = { $name } lies in the bin
# $at (String) - a time
# $name (String) - a resource
mail-recycled = On { $at }, { $name } went into the bin, because it was not renewed after its deadline. Renew it, and it comes back; otherwise it is deleted for good. Resources says when.
mail-recycled-owed-title = Resources lie in the bin: something is owed
# $at (String) - a time
mail-recycled-owed = On { $at }, resources of your account went into the bin, because what is owed was not paid. They are deleted for good some days later; Resources says when.
# $name (String) - a resource
mail-released-title = { $name } is deleted
# $at (String) - a time
# $name (String) - a resource
mail-released = On { $at }, { $name } was released, because it was not renewed after its deadline. It is deleted with all that it held, and costs nothing any more.
mail-released-owed-title = Resources are deleted: something is owed
# $at (String) - a time
mail-released-owed = On { $at }, resources of your account were released, because what is owed was not paid. They are deleted with all that they held, and cost nothing any more; what is owed stays owed.
# $name (String) - of the order
mail-not-changed-title = { $name } could not be changed
# $name (String) - a resource
mail-not-converted-title = { $name } could not be made annual/monthly
mail-not-converted = It is paid by use as before. Convert it again, if it is still there.
mail-not-changed = Change it again; if it is not there any more, buy another.
mail-when = When
mail-address = From the address
mail-browser = Browser
mail-sign-in-title = A sign-in from a new place
mail-sign-in = Somebody signed in as you from a network that you did not sign in from before. If it was you, nothing has to be done. If not, end the session, change your password and set up a second factor.
mail-see-sessions = See your sessions
mail-see-balance = See the balance
mail-see-packs = See the packs
mail-see-budgets = See the budgets
mail-see-offers = See the offer
mail-see-refunds = See the refunds
mail-see-vouchers = See the vouchers
mail-see-resources = See the resources
mail-see-notices = See all notices
mail-why-asked = You get this mail because somebody entered your address in Cloudtill.
mail-why-sign-in = You get this mail because it is about the safety of your account; it cannot be turned off.
# $account (String) - the name of an account
mail-why-person = You get this mail because you work for the account { $account }.
# $account (String) - the name of an account
mail-why-address = You get this mail because the account { $account } has entered this address for such messages.
# $kind (String) - what a kind of mail is called
mail-leave = Send me no more of this: { $kind }
mail-choose = Choose which mails you get
# $zone (String) - such as UTC+8
mail-zone = Times are on the clock of { $zone }.

# Kinds of mails, and when they are sent.
mail-kind-balance-low = Balance alert
mail-kind-in-arrears = In arrears
mail-kind-pack-low = Pack running low
mail-kind-pack-exhausted = Pack used up
mail-kind-pack-expiring = Pack expires soon
mail-kind-budget-reached = Budget reached
mail-kind-budget-forecast = Budget likely to be reached
mail-kind-offer-made = Offer
mail-kind-commitment-agreed = Commitment agreed
mail-kind-credit-agreed = Credit line agreed
mail-kind-card-refund-failed = Card took nothing back
mail-kind-price-change = Prices change
mail-kind-price-change-undone = Prices stay after all
mail-kind-voucher-issued = Voucher
mail-kind-voucher-ending = Voucher that ends
mail-kind-resource-expiring = Deadline comes near
mail-kind-renewal-ahead = Renewal comes near
mail-kind-renewal-done = Renewed
mail-kind-renewal-failed = Not renewed
mail-kind-resource-expired = Past its deadline
mail-kind-order-receipt = Receipt
mail-kind-order-delivered = Delivered
mail-kind-order-failed = Not delivered
mail-kind-refund = Refund
mail-kind-downgrade-done = Changed to less
mail-kind-resource-stopped = Stopped for what is owed
mail-kind-resource-recycled = Into the bin
mail-kind-resource-released = Deleted
mail-kind-statement = Monthly statement
mail-kind-sign-in = Sign-in from a new place
mail-kind-invitation = Invitation
mail-kind-test = Test
mail-when-balance-low = Less is available than the limit of the balance alert, once a day, five days at most
mail-when-in-arrears = The account falls into arrears
mail-when-pack-low = A pack falls to one of its marks
mail-when-pack-exhausted = Nothing is left of a pack
mail-when-pack-expiring = A pack expires in three days
mail-when-budget-reached = A month has come to a threshold of a budget
mail-when-budget-forecast = A month is heading for a threshold of a budget
mail-when-offer-made = An offer was made to the account
mail-when-commitment-agreed = It was agreed what the account is to spend in each month, or that nothing is any more
mail-when-credit-agreed = It was agreed how much the account may owe, or that nothing may be owed any more
mail-when-card-refund-failed = A card did not take back what was refunded to it; the money is in the balance
mail-when-price-change = Other prices will hold for something that you have; it says from when
mail-when-price-change-undone = A change of prices that was told does not come
mail-when-voucher-issued = The account was given a voucher
mail-when-voucher-ending = A voucher ends in 7 days
mail-when-resource-expiring = 7, 5, 3 and 1 days before something annual/monthly ends
mail-when-renewal-ahead = The same days before something is renewed by itself
mail-when-renewal-done = Something was renewed by itself
mail-when-renewal-failed = Something could not be renewed by itself
mail-when-resource-expired = Something annual/monthly has passed its deadline
mail-when-order-receipt = A purchase was paid
mail-when-order-delivered = What was ordered runs, with its addresses
mail-when-order-failed = What was ordered could not be delivered; its money is free again
mail-when-refund = Something was given back, and its money went back
mail-when-downgrade-done = Something annual/monthly was changed to what costs less; what was left over went back
mail-when-resource-stopped = Resources were stopped or limited, because what is owed was not paid
mail-when-resource-recycled = Something went into the bin after its deadline, or because what is owed was not paid
mail-when-resource-released = Something was deleted after its deadline, or because what is owed was not paid
mail-when-statement = A month is closed
mail-when-sign-in = Somebody signs in from a network that is new for this person
mail-when-invitation = Somebody is invited, or gets a new link for a password
mail-when-test = An operator tries whether mail goes out
