#!/usr/bin/env python3
"""A cloud driver: takes tasks from the till, has the hypervisor do them, answers, and sends usage. See README.md."""

import argparse
import base64
import hmac
import json
import os
import queue
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hypervisor import Failure, Hypervisor


class Refused(Exception):
    """The till said no: a code of docs/errors.md, and what to do."""


class Till:
    """Calls the till; what may pass (no connection, too many calls, a clash) is tried again."""

    def __init__(self, url, key):
        self.url, self.key = url.rstrip("/"), key

    def call(self, method, path, body=None, kind="application/json", token=""):
        headers = {"Authorization": f"Bearer {self.key}"}
        if body is not None:
            headers |= {"Content-Type": kind, "Idempotency-Key": token}
        data = None if body is None else json.dumps(body).encode()
        for pause in (0, 0.2, 1, 5, 15, 60):
            time.sleep(pause)
            try:
                request = urllib.request.Request(self.url + path, data, headers, method=method)
                with urllib.request.urlopen(request, timeout=90) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                text = error.read()
                problem = json.loads(text) if text.startswith(b"{") else {}
                last = Refused(problem.get("code", error.code), problem.get("detail", ""))
                if error.code < 500 and error.code != 429 and last.args[0] != "try_again":
                    raise last from None
            except OSError as error:
                last = error
        raise last


def perform(cloud, task):
    """Has the hypervisor do one task; returns what the till wants to know of it."""
    resource, kind = task["resource"], task["kind"]
    if kind == "provision":
        machine = cloud.create(resource, task["name"], task["options"])
        return {"address": machine["address"], "attributes": {"hostname": f"vm-{resource[-8:]}.cloud.example"}}
    if kind == "change":
        cloud.change(resource, task["options"], limited=task["target"] == "limited")
    elif kind in ("start", "stop"):
        cloud.switch(resource, running=kind == "start")
    elif kind == "release":
        cloud.destroy(resource)
    return {}


def carry_out(till, cloud, task):
    """One task from reading to answer. Safe to repeat: hypervisor and till both know it again."""
    try:
        verb, body = "done", perform(cloud, task)
    except Failure as failure:
        verb, body = "failed", {"reason": str(failure), "final": failure.final, "attempt": task["attempt"]}
    try:
        till.call("POST", f"/v1/tasks/{task['id']}/{verb}", body, token=f"{task['id']}-{task['attempt']}-{verb}")
        print(f"{task['kind']} {task['resource']}: {verb}", flush=True)
    except Refused as refused:
        print(f"{task['kind']} {task['resource']}: {refused}", flush=True)
        if (task["kind"], verb, refused.args[0]) == ("provision", "done", "task_state_refused"):
            cloud.destroy(task["resource"])  # the money went back: nobody pays for it


def poll(till, cloud):
    """Asks for open tasks; the till answers at once when there are some, else within 30 seconds."""
    while True:
        for task in till.call("GET", "/v1/tasks?wait=30")["items"]:
            carry_out(till, cloud, task)


def genuine(secret, headers, body):
    """Whether the till sent this, and lately: Standard Webhooks, HMAC-SHA256 over id, timestamp and body."""
    number, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > 300:
        return False
    key, signed = base64.b64decode(secret.removeprefix("whsec_")), f"{number}.{stamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256"))
    given = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(expected, it) for it in given)


def listen(till, cloud, port, secret):
    """Takes webhooks: checks them, answers at once, and works afterwards, one task after the other."""
    waiting = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            good = genuine(secret, self.headers, body)
            if good and (event := json.loads(body))["type"] == "task.opened":
                waiting.put(event["data"])
            self.send_response(204 if good else 401)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    print(f"listening on port {server.server_port}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for task in till.call("GET", "/v1/tasks?limit=200")["items"]:
        waiting.put(task)  # what was asked while nobody listened
    while True:
        carry_out(till, cloud, waiting.get())


def send_usage(till, cloud, seconds):
    """Sends what each running machine sent since the last time, as a batch of CloudEvents."""
    while True:
        time.sleep(seconds)
        now = datetime.now(timezone.utc).isoformat()
        head = {"specversion": "1.0", "source": "cloud-driver", "type": "cloudtill.usage.v1", "time": now}
        data = {it: {"meter": "traffic_out", "quantity": size} for it, size in cloud.traffic(seconds).items()}
        batch = [head | {"id": f"{it}-{now}", "subject": it, "data": data[it]} for it in data]
        try:
            kind, token = "application/cloudevents-batch+json", f"usage-{now}"
            results = till.call("POST", "/v1/usage/batch", batch, kind, token)["results"] if batch else []
            for it in results:  # what was not taken needs somebody to look at it
                if it["outcome"] in ("refused", "conflict", "quarantined"):
                    print(f"usage {it['id']}: {it['outcome']}, {it.get('detail') or it.get('code')}", flush=True)
        except (Refused, OSError) as error:
            print(f"usage: {error}", flush=True)


if __name__ == "__main__":
    it = argparse.ArgumentParser(description=__doc__)
    it.add_argument("--till", default="http://127.0.0.1:8080", help="where the till listens")
    it.add_argument("--listen", type=int, metavar="PORT", help="take webhooks here instead of asking for tasks")
    it.add_argument("--secret", default=os.environ.get("TILL_WEBHOOK_SECRET"), help="of the webhook: whsec_...")
    it.add_argument("--usage", type=float, default=60, metavar="SECONDS", help="how often to send usage")
    it.add_argument("--fail", action="append", default=[], metavar="NAME", help="no room for machines of this name")
    asked = it.parse_args()
    if asked.listen is not None and not asked.secret:
        it.error("--listen needs the --secret of the webhook")
    both = Till(asked.till, os.environ["TILL_KEY"]), Hypervisor(asked.fail)
    threading.Thread(target=send_usage, args=(*both, asked.usage), daemon=True).start()
    poll(*both) if asked.listen is None else listen(*both, asked.listen, asked.secret)
