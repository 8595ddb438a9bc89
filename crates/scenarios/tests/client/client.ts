// Buys a cloud server with the client that openapi-typescript and openapi-fetch make, pages through its orders, sends a batch
// of usage and reads the events that a webhook would be sent.
//
// In:  the till's URL, a customer's key, a key for usage. Out: what happened, as JSON on standard output.
// Nothing but the generated types, openapi-fetch and Node is used.

import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./till.js";

type Schemas = components["schemas"];
type Till = Client<paths>;

/** What was asked for; a refusal ends the program. */
function good<T>(answer: { data?: T; error?: unknown }): T {
    if (answer.data === undefined) {
        throw new Error(`refused: ${JSON.stringify(answer.error)}`);
    }
    return answer.data;
}

const ITEM: Schemas["ItemBody"] = {
    product: "server",
    name: "web",
    months: 1,
    options: {
        charge: "prepaid",
        region: "guangzhou",
        zone: "guangzhou-1",
        type: "S1.SMALL1",
        network: "bandwidth",
        bandwidth: 1,
    },
};

/** A page of a list, which is a text where CSV was asked for. */
function page<T>(answer: T | string): T {
    if (typeof answer === "string") {
        throw new Error(`not a page: ${answer}`);
    }
    return answer;
}

async function buy(till: Till, token: string): Promise<Schemas["OrderView"]> {
    const answer = await till.POST("/v1/orders", {
        body: { items: [ITEM], pay: true },
        params: { header: { "Idempotency-Key": token } },
    });
    const [order] = good(answer).orders;
    if (order === undefined) {
        throw new Error("a purchase without an order");
    }
    return order;
}

/** The ids of all orders, a page of one at a time. */
async function orders(till: Till): Promise<string[]> {
    const found: string[] = [];
    let after: string | null | undefined;
    do {
        const query = after ? { limit: 1, after } : { limit: 1 };
        const { items, next } = page(good(await till.GET("/v1/orders", { params: { query } })));
        found.push(...items.map((it) => it.id));
        after = next;
    } while (after);
    return found;
}

/** Waits until the cloud delivered. */
async function delivered(till: Till, resource: string): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
        const path = { resource };
        const found = good(await till.GET("/v1/resources/{resource}", { params: { path } }));
        if (found.state === "running") {
            return;
        }
        await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`${resource} does not come`);
}

/** A reading, as a structured event. */
function reading(subject: string, id: string): Schemas["UsageEvent"] {
    const time = new Date().toISOString();
    const data: Schemas["UsageData"] = { meter: "traffic_in", quantity: 1 };
    return { specversion: "1.0", type: "cloudtill.usage.v1", source: "/test", id, subject, time, data };
}

async function send(meter: Till, resource: string): Promise<Schemas["UsageView"]["counts"]> {
    const body = [reading(resource, "1"), reading(resource, "2")];
    const headers = { "Content-Type": "application/cloudevents-batch+json" };
    return good(await meter.POST("/v1/usage/batch", { body, headers })).counts;
}

/** What an event says: its kind decides which members it has. */
function told(event: Schemas["WebhookEvent"]): string {
    switch (event.type) {
        case "order.paid":
            return `${event.type} ${event.data.total} ${event.data.currency}`;
        case "wallet.low":
            return `${event.type} ${event.data.alert}`;
        default:
            return event.type;
    }
}

async function tried(till: Till, kind: Schemas["EventKindBody"]): Promise<string> {
    const made = good(await till.POST("/v1/webhooks", { body: { url: "https://shop.example/till" } }));
    const path = { webhook: made.id };
    const sent = good(await till.POST("/v1/webhooks/{webhook}/test", { body: { kind }, params: { path } }));
    const event = good(await till.GET("/v1/events/{event}", { params: { path: { event: sent.event } } }));
    return told(event);
}

async function main(baseUrl: string, key: string, meterKey: string): Promise<void> {
    const client = (token: string): Till =>
        createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
    const [till, meter] = [client(key), client(meterKey)];
    const [first, again, second] = [await buy(till, "ts-1"), await buy(till, "ts-1"), await buy(till, "ts-2")];
    const resource = first.pieces[0]?.resource ?? "";
    await delivered(till, resource);
    const missing = await till.GET("/v1/orders/{order}", { params: { path: { order: "ord_1" } } });
    const report = {
        total: first.total,
        same_order_again: first.id === again.id,
        orders: (await orders(till)).length,
        both_listed: (await orders(till)).includes(second.id),
        usage: await send(meter, resource),
        event: await tried(till, "order.paid"),
        missing: missing.error?.code,
        retry: missing.error?.retry,
    };
    console.log(JSON.stringify(report));
}

const [url = "", key = "", meterKey = ""] = process.argv.slice(2);
await main(url, key, meterKey);
