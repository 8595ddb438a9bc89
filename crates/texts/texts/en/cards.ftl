order-paying = Being paid
cards = Cards
cards-sub = Cards that you pay with. Their numbers are at the payment gateway and nowhere here.
cards-off = Cards are not taken here. Top up by bank transfer, or ask the operator.
cards-need-script = The payment gateway asks for cards with a script of its own: allow scripts on this page.
card = Card
card-good-until = Good until
no-cards = No cards yet
no-cards-hint = Add one to pay purchases and top-ups with it.
add-card = Add a card
card-never-here = What you type goes to the payment gateway at once; it never passes here.
gateway-away = The payment gateway does not answer. Try again in a moment.
top-up-by-card = Top up by card
card-payments = Payments by card
card-payment = Payment by card
card-for-order = A purchase
card-for-top-up = A top-up
card-for-automatic = An automatic top-up
card-for-arrears = What was owed
card-created = The card's bank is asked
card-challenged = Your bank asks for a proof
card-held = The bank keeps the sum until delivery
card-capturing = The sum is being taken
card-captured = Paid
card-released = Given up; nothing was taken
card-failed = The card did not pay; nothing was taken
card-lost = The bank did not keep its word; the balance paid
card-lost-top-up = The bank did not keep its word; nothing came in
card-challenged-hint = Your bank wants to know that the card is yours (3-D Secure). Nothing is taken before you prove it; after a quarter of an hour the payment is given up.
prove-card = Prove that the card is mine
give-up-payment = Give the payment up
card-taken = Taken
card-refunded = Back on the card
pay-order = Pay the order
pay-otherwise = Pay otherwise
pay-by-card = Pay by card
pay-with = Pay with
by-balance = Balance
by-card = Card
by-card-together = By card, for the whole purchase
by-both = Balance first, card for the rest
# $sum (String) - an amount with its currency
balance-is = { $sum } are available
# $sum (String) - an amount with its currency
card-pays = { $sum } by card
# $own (String) - an amount with its currency
# $card (String) - an amount with its currency
both-pay = { $own } of the balance, { $card } by card
# $sum (String) - an amount with its currency
# $least (String) - an amount with its currency
card-pays-at-least = { $sum } by card; a card pays { $least } at least
# $held (String) - an amount with its currency
card-not-for-holds = { $held } are held of the balance while it runs, so it is paid out of the balance alone.
card-held-hint = What a card pays is kept by its bank until delivery, and only then taken; for what does not come, nothing is taken.
declined-funds = The card does not cover this sum or has reached a limit. Use another card, or pay less.
declined-expired = The card is not good any more. Use another card.
declined-typed = The card was typed wrongly. Add it once more.
declined-proof = The bank got no proof that the card is yours. Try again and prove it, or use another card.
declined-later = The bank could not be asked just now. Try again in a moment.
declined-kind = The card cannot pay this currency or kind of payment. Use another card.
declined-sum = A card does not pay this sum. Choose another.
declined-by-bank = The bank declined without saying why. Ask your bank, or use another card.
# $reason (String) - the gateway's word for it
declined-otherwise = The card was declined ({ $reason }). Ask your bank, or use another card.
no-card-payments = No payments by card
no-card-payments-hint = What customers pay by card appears here.
card-payments-sub = Payments by card of all customers, the newest first.
card-differences = The gateway and the books differ
card-differences-hint = Compared every hour. Nothing is put right by itself: look at the payment at the gateway.
at-gateway = At the gateway
differs-unknown = The books do not know it
differs-missing = The gateway does not know it
differs-sum = Another sum was taken
differs-state = Paid or held by one side only
differs-twice = Held or taken once more
card-rule = Automatic top-up
card-rule-sub = A card tops up the balance by itself, and pays what is owed.
card-rule-end = Stop automatic top-ups
# $unit (String) - the currency
card-rule-below = When less than this is available, { $unit }
card-rule-below-hint = 0 for never.
# $unit (String) - the currency
card-rule-amount = Top up by, { $unit }
# $unit (String) - the currency
card-rule-ceiling = At most in a month, { $unit }
card-rule-ceiling-hint = The card is never asked for more than this by itself in a calendar month, what is owed included.
card-rule-collect = Pay what is owed at once
bank-transfers = Bank transfers
bank-transfers-sub = What came in by the bank's statements, until somebody says whose it is.
bank-statement = The bank's statement
bank-statement-hint = camt.053, or CSV with id, date, amount, currency, payer, text, balance.
bank-statement-add = Add the statement
no-bank-entries = Nothing waits
no-bank-entries-hint = Entries of a statement appear here with whose they may be.
bank-entry = Entry
bank-written = What was written on it
bank-confirm = Put into the wallet
bank-set-aside = Set aside
bank-reason = Why it is nobody's
bank-reason-hint = such as: interest
bank-went-back = This went back to its payer: take it out of the wallet by a correction, and set it aside.
# $reference (String) - what is written on a transfer
bank-reference = By bank transfer, write { $reference } on it, so that it is known whose it is.
by-transfer = Top up by bank transfer
by-transfer-instead = A bank transfer needs no card:
bring-in-sub = What comes in is there for everything that you have here.
pay-to = Pay to
write-on-it = Write on it
missing-sum = The sum that is missing
no-payee-yet = The provider has not entered its bank account here; ask it for the account to pay to.
by-transfer-hint = The money is available as soon as the operator has seen it on its account. What is owed is paid first.
order-and-pay-later = Order it, pay within 24 hours
pay-within-a-day = An order that is not paid within 24 hours is closed, and nothing is owed for it.
