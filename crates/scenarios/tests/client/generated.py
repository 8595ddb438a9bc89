"""Buys a cloud server with the client of openapi-generator, pages through its orders, sends a batch and reads an event.

In:  the till's URL, a customer's key, a key for usage. Out: what happened, as JSON on standard output.
Nothing but the generated client and the standard library is used.
"""

import json
import sys
import time
from datetime import datetime, timezone

from till_generated import ApiClient, ApiException, Configuration
from till_generated.api.orders_api import OrdersApi
from till_generated.api.resources_api import ResourcesApi
from till_generated.api.usage_api import UsageApi
from till_generated.api.webhooks_api import WebhooksApi
from till_generated.models.item_body import ItemBody
from till_generated.models.order_paid_event import OrderPaidEvent
from till_generated.models.order_view import OrderView
from till_generated.models.orders_body import OrdersBody
from till_generated.models.usage_data import UsageData
from till_generated.models.usage_data_quantity import UsageDataQuantity
from till_generated.models.usage_event import UsageEvent
from till_generated.models.webhook_body import WebhookBody
from till_generated.models.webhook_event import WebhookEvent
from till_generated.models.webhook_test_body import WebhookTestBody


def client(url: str, key: str) -> ApiClient:
    return ApiClient(Configuration(host=url, access_token=key))


def wanted() -> OrdersBody:
    options = {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1",
        "network": "bandwidth", "bandwidth": 1,
    }
    item = ItemBody.from_dict({"product": "server", "name": "web", "months": 1, "options": options})
    assert item is not None
    return OrdersBody(items=[item], pay=True)


def buy(api: OrdersApi, token: str) -> OrderView:
    return api.create_orders(wanted(), idempotency_key=token).orders[0]


def listed(api: OrdersApi) -> list[str]:
    """The ids of all orders, a page of one at a time."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = api.list_orders(limit=1, after=after)
        found += [it.id for it in page.items]
        after = page.next
        if after is None:
            return found


def delivered(api: ResourcesApi, resource: str) -> None:
    """Waits until the cloud delivered."""
    for _ in range(300):
        if api.get_resource(resource).state == "running":
            return
        time.sleep(0.1)
    sys.exit(f"{resource} does not come")


def reading(resource: str, name: str) -> UsageEvent:
    return UsageEvent(
        specversion="1.0", type="cloudtill.usage.v1", source="/test", id=name, subject=resource,
        time=datetime.now(timezone.utc).replace(microsecond=0),
        data=UsageData(meter="traffic_in", quantity=UsageDataQuantity(1)),
    )


def tried(api: WebhooksApi) -> str:
    """An example of an event, read as a receiver of webhooks reads it."""
    made = api.create_webhook(WebhookBody.from_dict({"url": "https://shop.example/till"}) or sys.exit("no body"))
    sent = api.test_webhook(made.id, WebhookTestBody.from_dict({"kind": "order.paid"}) or sys.exit("no body"))
    body = api.get_event(sent.event).to_json()
    event = WebhookEvent.from_json(body).actual_instance
    assert isinstance(event, OrderPaidEvent)
    return f"{event.type} {event.data.total} {event.data.currency}"


def missing(api: OrdersApi) -> str:
    try:
        api.get_order("ord_1")
    except ApiException as refusal:
        return str(json.loads(refusal.body or "{}")["code"])
    return "none"


def main(url: str, key: str, meter: str) -> None:
    orders = OrdersApi(client(url, key))
    first, again, second = buy(orders, "gen-1"), buy(orders, "gen-1"), buy(orders, "gen-2")
    ids = listed(orders)
    resource = first.pieces[0].resource or ""
    delivered(ResourcesApi(client(url, key)), resource)
    sent = UsageApi(client(url, meter)).send_usage_batch([reading(resource, "1"), reading(resource, "2")])
    print(json.dumps({
        "total": first.total,
        "same_order_again": first.id == again.id,
        "orders": len(ids),
        "both_listed": second.id in ids,
        "usage": sent.counts.to_dict(),
        "event": tried(WebhooksApi(client(url, key))),
        "missing": missing(orders),
    }))


main(*sys.argv[1:])
