# Requests to sales and offers.
sales = Requests and offers
sales-sub = Ask for a pack or a price; accept what is offered to you.
requests = Requests
no-requests = No requests yet
no-open-requests = No open requests
all-requests = All requests
open-requests = Only open requests
no-requests-hint = Say what you need: you get an offer here.
offers = Offers
no-offers = No offers yet
no-offers-hint = What is offered to you appears here.
ask-sales = Ask sales
send-to-sales = Send the request
request-sent = The request is sent.
request-withdrawn = The request is withdrawn.
request-declined = The request is declined.
withdraw = Withdraw
asked-product = Product
any-product = Something else
asked-quantity = How many
asked-from = From when, such as 2026-08-01
# $unit (String) - the currency
asked-price = What you would like to pay, in { $unit }
asked-message = What you need
asked-message-hint = Such as how many packs of which spec, and for how long.
request-open = Waits for an offer
request-answered = Answered
request-declined-state = Declined
request-withdrawn-state = Withdrawn
# $at (String) - when
asked-on = Asked on { $at }
offer-open = Open
offer-accepted = Accepted
offer-declined = Declined
offer-withdrawn = Withdrawn
offer-expired = Expired
# $at (String) - when
offer-of = Offer of { $at }
by-offer = By the offer
# $what (String) - products, each with how many
offer-for = Offer: { $what }
# $at (String) - until when
offer-until = Accept it before { $at }
good-until-then = Accept before
# $unit (String) - the currency
offered = Offered, { $unit }
# $rate (String) - the rate
offered-rate = offer, × { $rate } of the list price
accept-hint = It becomes an order at this price, whatever the price list says by then.
# $sum (String) - how much
accept-and-pay = Accept and pay { $sum }
decline-offer = Decline
offer-is-declined = The offer is declined.
order-on-behalf = You accept in the customer's name.
# $unit (String) - the currency
offer-price = Price for all pieces, in { $unit }
offer-rate = Or share of the list price, such as 0.85
offer-note = Note to the customer
offer-valid = Until when, such as 2026-08-01
offer-it = Offer it
offer-it-at = Offer this at another price
offer-made = The offer is made.
offer-withdrawn-now = The offer is withdrawn.
offers-all-sub = What customers ask for, and what was offered to them. To make an offer, act for the customer, choose what it is for, and say which request it answers.
decline-request = Decline
offer-answers = Answers the request
offer-answers-none = None: the customer did not ask for it here
# $count (Number) - how many
# $shown (String) - the same with its thousands parted
asked-pieces = { $count ->
    [one] { $shown } piece
   *[other] { $shown } pieces
}
# $day (String) - the day
asked-from-day = from { $day } on
# $sum (String) - how much, with its currency
asked-for-price = hoped price { $sum }
