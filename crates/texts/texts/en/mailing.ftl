# Pages about mail.
mails = Mail
mails-sub = What is told by mail, and to whom.
own-mails = What you are told
# $mail (String) - a mail address
own-mails-hint = By mail to { $mail }. What is not asked is always sent.
as-account = As the account
mail-kind = Mail
mail-kind-when = When
mail-wanted = Sent to you
mail-always = always
mail-addresses = Addresses of the account
mail-addresses-hint = Beside the people of the account, these addresses are told.
no-mail-addresses = No addresses beside those of people
no-mail-addresses-hint = Add one for a list of the finance department, or for those who are on call.
mail-for = For
add-mail-address = Add the address
account-language = Language of the account
account-language-hint = For addresses and people for whom nothing else is said.
topic-finance = Finance
topic-finance-hint = Receipts, statements, arrears, balance, budgets, offers
topic-technical = Technical
topic-technical-hint = Deliveries, failed ones, packs
topic-person = Person
topic-person-hint = What is about one person alone
leave-title = Less mail
# $kind (String) - what a kind of mail is called
leave-asked = You will be sent no more mails of this kind: { $kind }.
leave = Send me no more of this
leave-choose = Choose which mails you get
left-title = Done
# $kind (String) - what a kind of mail is called
left-now = You are sent no more mails of this kind: { $kind }.

# The operator's list.
all-mails = Mail
all-mails-sub = What was told by mail: queued, sent, and what no server took.
mail-any-state = Any state
mail-queued = Queued
mail-sent = Sent
mail-dead = Dead
# $at (String) - an instant
mail-due = next try { $at }
mail-to = To
mail-previews = Previews
mail-previews-sub = What every kind of mail looks like, with made-up figures.
mail-as-html = As HTML
mail-sent-again = The mail is queued again.
send-again = Send again
no-mails = No mails
no-mails-hint = Mails appear here when a mail server is set up (docs/mail.md) and something is told.
