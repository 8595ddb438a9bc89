"""Buys a cloud server with the generated client, waits for its address, sends usage and reads an event.

In:  the till's URL, a customer's key, a key for usage. Out: what happened, as JSON on standard output.
Nothing but the generated client and the standard library is used.
"""

import importlib
import json
import pkgutil
import sys
import time
from datetime import datetime, timezone
from typing import Any, TypeVar

import till_client
from till_client import AuthenticatedClient
from till_client.api.orders import create_orders, create_quote, list_orders, pay_order
from till_client.api.resources import get_resource
from till_client.api.usage import send_usage, send_usage_batch
from till_client.api.webhooks import create_webhook, get_event, test_webhook
from till_client.models import (
    EventKindBody, ItemBody, ItemBodyOptions, OrderPaidEvent, OrdersBody, Problem, QuoteBody, UsageData, UsageEvent,
    UsageEventSpecversion, UsageEventType, WebhookBody, WebhookTestBody,
)


T = TypeVar("T")


def good(answer: T | Problem | None) -> T:
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


def usage_counts(url: str, key: str, resource: str) -> dict[str, Any]:
    """Sends a batch of two readings, of which one came before, alone."""
    client = AuthenticatedClient(base_url=url, token=key, raise_on_unexpected_status=True)

    def reading(name: str) -> UsageEvent:
        return UsageEvent(
            specversion=UsageEventSpecversion.VALUE_0, type_=UsageEventType.CLOUDTILL_USAGE_V1, source="/test", id=name,
            subject=resource, time=datetime.now(timezone.utc).replace(microsecond=0),
            data=UsageData(meter="traffic_in", quantity=1),
        )

    first = reading("1")
    good(send_usage.sync(client=client, body=first))
    return good(send_usage_batch.sync(client=client, body=[first, reading("2")])).counts.to_dict()


def orders(client: AuthenticatedClient) -> list[str]:
    """The ids of all orders, a page of one at a time."""
    found: list[str] = []
    page = good(list_orders.sync(client=client, limit=1))
    while True:
        found += [it.id for it in page.items]
        if not isinstance(page.next_, str):
            return found
        page = good(list_orders.sync(client=client, limit=1, after=page.next_))


def tried(client: AuthenticatedClient) -> str:
    """An example of an event, read as a receiver of webhooks reads it."""
    made = good(create_webhook.sync(client=client, body=WebhookBody(url="https://shop.example/till")))
    wanted = WebhookTestBody(kind=EventKindBody.ORDER_PAID)
    sent = good(test_webhook.sync(made.id, client=client, body=wanted))
    event = get_event.sync(sent.event, client=client)
    assert isinstance(event, OrderPaidEvent)
    return f"{event.type_} {event.data.total} {event.data.currency}"


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
    good(create_orders.sync(client=client, body=OrdersBody(items=[wanted]), idempotency_key="second"))
    order = placed.orders[0]
    paid = good(pay_order.sync(order.id, client=client, idempotency_key="first-paid"))
    resource = paid.orders[0].pieces[0].resource or ""
    for _ in range(300):
        server = good(get_resource.sync(resource, client=client))
        if server.address:
            break
        time.sleep(0.1)
    ids = orders(client)
    print(json.dumps({
        "quoted": quoted.total,
        "ordered": placed.total,
        "same_order_again": again.orders[0].id == order.id,
        "state_before": order.state,
        "state": server.state,
        "address": server.address,
        "delivered": server.delivered.isoformat() if server.delivered else None,
        "missing": refusal(client),
        "modules": modules(),
        "usage": usage_counts(url, meter, resource),
        "orders": len(ids),
        "listed": order.id in ids,
        "event": tried(client),
    }))


def refusal(client: AuthenticatedClient) -> str:
    """The code of a problem, read through the client."""
    answer = get_resource.sync("res_00000000000000000000000000000000", client=client)
    return answer.code if isinstance(answer, Problem) else "none"


main(*sys.argv[1:])
