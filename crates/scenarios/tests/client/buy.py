"""Buys a cloud server with the generated client and waits for its address.

In:  the till's URL, a customer's key. Out: what happened, as JSON on standard output.
Nothing but the generated client and the standard library is used.
"""

import json
import sys
import time

from till_client import AuthenticatedClient
from till_client.api.orders import create_orders, create_quote, pay_order
from till_client.api.resources import get_resource
from till_client.models import ItemBody, ItemBodyOptions, OrdersBody, Problem, QuoteBody


def good(answer):
    """What was asked for; a refusal ends the program."""
    if answer is None or isinstance(answer, Problem):
        sys.exit(f"refused: {answer}")
    return answer


def main(url: str, key: str) -> None:
    client = AuthenticatedClient(base_url=url, token=key, raise_on_unexpected_status=True)
    options = {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1",
        "network": "bandwidth", "bandwidth": 1,
    }
    wanted = ItemBody(product="server", name="web", options=ItemBodyOptions.from_dict(options), months=1)
    quoted = good(create_quote.sync(client=client, body=QuoteBody(items=[wanted])))
    wanted.quoted = quoted.total
    placed = good(create_orders.sync(client=client, body=OrdersBody(items=[wanted]), idempotency_key="first"))
    again = good(create_orders.sync(client=client, body=OrdersBody(items=[wanted]), idempotency_key="first"))
    order = placed.orders[0]
    paid = good(pay_order.sync(order.id, client=client, idempotency_key="first-paid"))
    resource = paid.orders[0].pieces[0].resource
    for _ in range(300):
        server = good(get_resource.sync(resource, client=client))
        if server.address:
            break
        time.sleep(0.1)
    print(json.dumps({
        "quoted": quoted.total,
        "ordered": placed.total,
        "same_order_again": again.orders[0].id == order.id,
        "state_before": order.state,
        "state": server.state,
        "address": server.address,
        "missing": refusal(client),
    }))


def refusal(client: AuthenticatedClient) -> str:
    """The code of a problem, read through the client."""
    answer = get_resource.sync("res_00000000000000000000000000000000", client=client)
    return answer.code if isinstance(answer, Problem) else "none"


main(*sys.argv[1:])
