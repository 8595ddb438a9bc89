# Documents: on paper, and where they are asked for.
documents = Documents
documents-sub = Statements, receipts, invoices and credit notes, as they were issued.
paper-statement = Monthly statement
paper-receipt = Receipt
paper-invoice = Invoice
paper-credit-note = Credit note
paper-date = Date
paper-account = Account
paper-seller = Seller
paper-buyer = Made out to
paper-tax-number = Tax number
paper-phone = Phone
paper-mail = Mail
paper-bank = Bank
paper-bank-account = Bank account
paper-month = Month
paper-replaces = Takes the place of
paper-original = Of the invoice
paper-reference = Reference
paper-received-on = Received on
paper-received = Received
paper-period = Period
# $from (String) - the first day
# $to (String) - the last day
paper-days = { $from } to { $to }
paper-original-day = Of day
paper-deducted = Deducted
# $unit (String) - the currency
paper-deducted-in = Deducted, { $unit }
# $unit (String) - the currency
paper-cost-in = Cost, { $unit }
paper-product = Product or resource
paper-charged = Charged
paper-bills = Bills
paper-sum = Sum
paper-from-cash = From cash
paper-from-bonus = From bonus
paper-from-vouchers = From vouchers
paper-from-income = From income
paper-became-debt = Became debt
# $unit (String) - the currency
paper-net-in = Net, { $unit }
# $unit (String) - the currency
paper-tax-in = Tax, { $unit }
# $unit (String) - the currency
paper-gross-in = With tax, { $unit }
paper-rate = Rate
paper-tax = Tax
paper-net = Net
paper-total = Total
paper-credited = Taken back
paper-paid-cash = Paid in cash
paper-due = Still to be paid
paper-what = What
# $reason (String) - why
paper-reason = Reason: { $reason }
# $name (String) - the tax
# $percent (String) - its rate
paper-inside = The prices contain { $name } of { $percent }%.
# $name (String) - the tax
# $percent (String) - its rate
paper-on-top = { $name } of { $percent }% comes on top of the prices.
paper-cash-only = What was paid with vouchers or bonus is not invoiced.
# $zone (String) - the settlement zone
paper-zone = Days and months are those of { $zone }. What is deducted is each bill's cost, rounded once.
# $page (String) - which page
# $pages (String) - of how many
paper-page = Page { $page } of { $pages }
# Pages.
no-documents = No documents yet
no-documents-hint = Ask for a statement, a receipt or an invoice below.
no-documents-of-all = No documents yet
no-documents-of-all-hint = Customers ask for them; here they all stand.
document-number = Number
document-kind = What
document-day = Date
document-total = Total
document-made = The document is issued.
document-there = The same document is there already; nothing new was issued.
no-seller-yet = Documents cannot be issued yet: the provider has not entered its own details.
as-pdf = PDF
as-data = Data
# What a Chinese tax system is given.
fapiao = Fapiao
to-invoice = May be invoiced
to-invoice-hint = What was consumed in cash, less what came back and what was invoiced.
# $sum (String) - how much
ask-for-invoice = Ask for an invoice of { $sum }
new-statement = Statement of a month
new-statement-hint = A month is final from its third day after on.
issue-statement = Issue the statement
new-receipt = Receipt of a payment
issue-receipt = Issue the receipt
cash-payment = Payment
nothing-final = No month is final yet.
no-payments = Nothing was paid in yet.
billing-details = Billing details
billing-details-sub = Whom documents are made out to. Those that were issued stay as they are.
details-said = The billing details are changed.
legal-name = Legal name
tax-number = Tax number
country = Country
country-hint = Two letters, such as CN or DE.
city = City
street = Street and number
postal-code = Postal code
phone = Phone
mail-for-documents = Mail
bank-name = Bank
bank-account-number = Bank account
language-of-documents = Language of documents
details-language-en = English
details-language-zh = Chinese
save-details = Save the details
credit-invoice = Credit the invoice
credit-invoice-hint = A note takes back what does not hold; it may be invoiced once more.
# $left (String) - how much
left-to-credit = { $left } is left to credit.
credit-amount = How much, tax included; empty for all that is left
credit-reason = Why
issue-credit-note = Issue the credit note
credit-notes = Credit notes
sellers = Sellers and taxes
sellers-sub = Who sells, how documents are numbered, and what is taxed from when to when.
sellers-text = The file, as TOML
sellers-hint = What is applied holds for documents that are issued from now on.
# $when (String) - when
# $who (String) - who
sellers-since = In force since { $when }, applied by { $who }.
sellers-none = Nobody is named who sells: no document can be issued yet.
apply-sellers = Apply the file
sellers-applied = The file is applied.
