"""Buys a cloud server with the generated client, waits for its address, and sends usage.

In:  the till's URL, a customer's key, a key for usage. Out: what happened, as JSON on standard output.
Nothing but the generated client and the standard library is used.
"""

import importlib
import json
import pkgutil
import sys
import time
from datetime import datetime, timezone

import till_client
from till_client import AuthenticatedClient
from till_client.api.orders import create_orders, create_quote, pay_order
from till_client.api.resources import get_resource
from till_client.api.usage import send_usage, send_usage_batch
from till_client.models import (
    ItemBody, ItemBodyOptions, OrdersBody, Problem, QuoteBody, UsageEvent, UsageEventData, UsageEventSpecversion,
    UsageEventType,
)


def good(answer):
    """What was asked for; a refusal ends the program."""
    if answer is None or isinstance(answer, Problem):
        sys.exit(f"refused: {answer}")
    return answer


def modules() -> int:
    """How many modules the client has, each of which can be imported."""
    count = 0
    for module in pkgutil.walk_packages(till_client.__path__, "till_client."):
        importlib.import_module(module.name)
        count += 1
    return count


def usage_counts(url: str, key: str, resource: str) -> dict:
    """Sends a batch of two readings, of which one came before, alone."""
    client = AuthenticatedClient(base_url=url, token=key, raise_on_unexpected_status=True)

    def reading(name: str) -> UsageEvent:
        return UsageEvent(
            specversion=UsageEventSpecversion.VALUE_0, type_=UsageEventType.CLOUDTILL_USAGE_V1, source="/test", id=name,
            subject=resource, time=datetime.now(timezone.utc).replace(microsecond=0),
            data=UsageEventData(meter="traffic_in", quantity=1),
        )

    first = reading("1")
    good(send_usage.sync(client=client, body=first))
    return good(send_usage_batch.sync(client=client, body=[first, reading("2")])).counts.to_dict()


def main(url: str, key: str, meter: str) -> None:
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
        "delivered": server.delivered.isoformat(),
        "missing": refusal(client),
        "modules": modules(),
        "usage": usage_counts(url, meter, resource),
    }))


def refusal(client: AuthenticatedClient) -> str:
    """The code of a problem, read through the client."""
    answer = get_resource.sync("res_00000000000000000000000000000000", client=client)
    return answer.code if isinstance(answer, Problem) else "none"


main(*sys.argv[1:])
