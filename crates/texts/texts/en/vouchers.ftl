# Vouchers and promotion codes.
vouchers = Vouchers
vouchers-sub = What an order can be paid with before money: it is not invoiced, and never refunded.
vouchers-all-sub = What customers can pay with before money, and the codes that they redeem.
no-vouchers = No vouchers yet
no-vouchers-hint = A voucher that you are given, or redeem a code for, appears here.
no-vouchers-given = No vouchers were issued yet
promotion-code = Promotion code
promotion-code-hint = Letters, digits and hyphens. A code is redeemed once.
redeem = Redeem
voucher-redeemed = The code is redeemed: its voucher is below.
voucher-pays-for = Pays for
voucher-state-unused = Can be used
voucher-state-frozen = Held by an order
voucher-state-used = Used
voucher-state-expired = Expired
voucher-state-withdrawn = Withdrawn
voucher-mode-prepaid = Orders
voucher-mode-post-paid = Use, by itself
voucher-mode-any = Orders, and use by itself
# $names (String) - the products
voucher-of-products = only { $names }
# $names (String) - the regions
voucher-of-regions = only in { $names }
# $least (String) - a sum
voucher-from-sum = from { $least }
# $months (Number) - how many
voucher-up-to-months = { $months ->
    [one] at most { $months } month
   *[other] at most { $months } months
}
voucher-only-new = only what is new
voucher-only-renew = only renewals
voucher-only-upgrade = only changes
voucher-only-convert = only conversions to annual/monthly
voucher-only-downgrade = only downgrades
voucher-used-once = once
voucher-used-many = until it is used up
# $left (String) - what is left
# $face (String) - what it was worth
voucher-left-of = { $left } of { $face }
voucher-none = None
# $sum (String) - how much
voucher-automatic = By themselves: { $sum }
# $name (String) - what it is called
# $left (String) - what is left of it
# $until (String) - until when
voucher-named = { $name }: { $left }, until { $until }
pay-with-vouchers = Vouchers that pay first
choose-vouchers = Use this
from-vouchers = From vouchers
issue-voucher = Issue a voucher
issue-voucher-sub = It pays for orders of this customer before money does.
voucher-is-issued = The voucher is issued.
voucher-is-withdrawn = The voucher is withdrawn.
voucher-name = What the customer reads
# $unit (String) - the currency
voucher-worth = Worth, in { $unit }
voucher-until = Until when; that day is out
voucher-products = Only these products
voucher-products-hint = Tick none for all.
# $unit (String) - the currency
voucher-least = For orders of at least, in { $unit }
voucher-modes = What it pays for
voucher-uses = How often it can be used
promotion-codes = Promotion codes
no-promotion-codes = No promotion codes yet
new-promotion-code = New promotion code
code-is-made = The promotion code is made.
code-is-withdrawn = The promotion code is withdrawn.
code-times = How many can redeem it
code-redeemed = Redeemed
# $redeemed (String) - how often it was redeemed
# $times (String) - how often it can be
code-redeemed-of = { $redeemed } of { $times }
code-until = Until when it can be redeemed; that day is out
code-days = For how many days its vouchers can be used
make-code = Make the code
# $choice (String) - how vouchers are chosen
# $sum (String) - what is then left to be paid
voucher-leaves = { $choice }; then to pay: { $sum }
vouchers-not-for-this = Not for this:
all-vouchers = All vouchers
voucher-held-elsewhere = held by another order; pay that or cancel it
# $from (String) - a time
voucher-from-time = can be used from { $from } on
# $currency (String) - a currency
voucher-of-currency = pays in { $currency }
# $what (String) - what it pays for
voucher-only-for = only for: { $what }
voucher-nothing-to-pay = nothing is to be paid
voucher-too-many-orders = too many orders at once
voucher-at-customer = A voucher is issued on the page of its customer
# $name (String) - what it is called
voucher-withdraw-this = Withdraw { $name }
# $left (String) - what is left of it
voucher-withdraw-hint = Its customer can no longer pay with it: { $left } lapse, and do not come back.
code-withdraw-hint = Nobody can redeem it from now on. Vouchers that were redeemed stay.
voucher-regions = Only in these regions
voucher-regions-hint = Tick none for all.
voucher-actions = For which orders
voucher-actions-hint = None ticked is for all.
voucher-orders-new = New orders
voucher-orders-renew = Renewals
voucher-orders-upgrade = Changes
voucher-orders-convert = Conversions to annual/monthly
voucher-most-months = For orders of at most so many months
vouchers-per-order = Vouchers for one order
vouchers-per-order-hint = From 1 to 10; a bill takes as many.
