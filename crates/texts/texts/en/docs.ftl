# The documentation of the API.
api-docs-title = API and guides
search-docs = Search operations, guides and codes
guides = Guides
description = Description
parameters = Parameters
field = Field
kind-of-value = Type
meaning = Meaning
stands-in = In
status = Status
schemas = Schemas
required = required
body = Body
answers = Answers
problem-codes = Problem codes
example = Example
# $status (String) - an HTTP status
example-of-answer = Example of a { $status }
programs = In a program
programs-hint = TILL is the address of this server, KEY your key.
try-it = Try it
try-it-hint = This is the real thing: what is sent is done.
your-key = Your key
send-request = Send the request
for-operators = For operators: the account that it is about.
# $asked (String) - what was searched
nothing-found = Nothing is called “{ $asked }”
# $asked (String) - what was searched
found-for = Found for “{ $asked }”
# $most (String) - how many
first-so-many = The first { $most }. More words find less.
