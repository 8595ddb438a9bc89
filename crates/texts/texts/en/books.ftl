# Price books.
price-books = Price books
price-books-sub = What is sold, and at what price, from when on. A book is never edited; what changes is a later one.
new-book = New price book
new-book-sub = Check a book, see what it would change, and apply it.
command-line = the command line
holds-from = Holds from
applied-at = Applied on
applied-by = Applied by
book-past = Past
book-in-force = In force
book-scheduled = Scheduled
book-withheld = Did not begin
book-undone = The book is taken back.
# $from (String) - from when it holds
book-applied = The book is applied. It holds from { $from }.
book-did-not-begin = This book did not begin: it would drop what lives. The book before it goes on.
products = Products
products-hint = The prices of each are on its page.
# $count (Number) - how many
prices-in-all = { $count ->
    [one] { $count } price in all
   *[other] { $count } prices in all
}
book-currency = Currency and zone
product-group = Group
components = Components
prices = Prices
on-sale = On sale
retired = Retired
regions-and-discounts = Regions and discounts
region-of-book = Region
zones = Zones
from-months = From so many months: rate
files = Files
files-hint = As they were written.
file = File
bytes = Bytes
new-from-this = Begin a new book from this one
all-in-one = Download all as one text
undo-book = Take it back
# $from (String) - when it would begin
undo-scheduled = It begins on { $from }. Until then it can be taken back: nothing is charged by it, and the book before it goes on. Customers who were told of it are told so.
undo-withheld = It holds never. Taken back, it is gone from this list, and its files can be applied again from a later date.
undo-files = Its files go with it: download them before, if you want to keep them.
price-for = For
# $unit (String) - the currency
price-in = Price, { $unit }
price-source = Source
every-choice = Every choice
# $count (Number) - how many
more-prices = { $count ->
    [one] { $count } more price is in the files of the book.
   *[other] { $count } more prices are in the files of the book.
}
component-and-part = Component, and what of it
stood = Now
stands = New
by-percent = Change
# $count (Number) - how many
more-changes = { $count ->
    [one] { $count } more change is not shown. till pricebook diff prints all.
   *[other] { $count } more changes are not shown. till pricebook diff prints all.
}
change-new = new
change-gone = gone
what-changes = What it would change
# $name (String) - the book that holds
# $from (String) - from when it holds
compared-with = Compared with { $name }, which holds since { $from }.
# $currency (String) - the code of a currency
first-book = No book of { $currency } holds yet: everything is new.
nothing-changes = Nothing. Both books say the same.
worth-a-look = Worth a look
send-a-book = Send a book
send-a-book-hint = Nothing is applied by checking.
folder-of-a-book = Folder of the book
folder-hint = The folder that holds book.toml. Its .toml and .csv files are sent.
or-its-text = Or its text
text-hint = All files in one, each behind a line such as === products/server.toml. A folder that is chosen above comes first.
from-hint = Empty: the date in the book. Not before the newest bill.
check-and-compare = Check and compare
# $why (String) - what is wrong
no-files-of-a-book = These are no files of a book: { $why }.
# $text (String) - what was typed
no-time = “{ $text }” is no time. Write it such as 2026-08-01 00:00:00.
another-book-holds = Another book holds by now. Look at what this one would change against it, then apply it.
problems = Problems
# $count (Number) - how many
so-many-problems = { $count ->
    [one] One in all. Mend it below or in your files, then check again.
   *[other] { $count } in all. Mend them below or in your files, then check again.
}
# $count (Number) - how many
more-places = { $count ->
    [one] and one more place
   *[other] and { $count } more places
}
problems-in-english = What the check says is written in English.
choose-a-book = Choose the folder of a book, or write its text below.
diff-name = Name of the book
# $number (String) - which
diff-tier = tier { $number }
# $number (String) - which
diff-band = band { $number }
# $value (String) - of an option
diff-value = value { $value }
diff-help = help text
place-in-files = Place
what-is-wrong = What is wrong
what-to-do = What to do
apply-it = Apply it
changes = Changes
apply-seconds = Seconds before it keep the old price, to the second.
apply-orders = Paid orders keep theirs. Orders placed before and paid after end if their price changed.
apply-tells = Customers whose prices change are told.
# $from (String) - when it begins
apply-undo = Until { $from } it can be taken back, if that is still to come.
cannot-be-applied = As it stands it cannot be applied: see what is said above.
# $from (String) - when it begins
apply-from = Apply from { $from }
form-broken = This form did not arrive whole. Nothing was changed.
who-is-touched = What it touches
who-is-touched-hint = Resources that live now and are charged otherwise: at once where the book begins, or, where they are paid ahead, from their renewal on. What was paid stays as it is.
nobody-is-touched = Nothing that lives is charged otherwise.
resources-touched = At once
resources-living = Living
resources-at-renewal = From their renewal on
book-changes = What it changes
# $currency (String) - the code of a currency
book-is-first = It is the first book of { $currency }.
