#!/usr/bin/env python3
"""A cloud driver: takes tasks from the till, has the hypervisor do them, answers, and sends usage. See README.md."""

import argparse
import base64
import hashlib
import hmac
import json
import os
import queue
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hypervisor import Failure, Hypervisor


class Refused(Exception):
    """The till said no; `code` is the one that docs/errors.md lists."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.code = problem.get("code")


class Till:
    """Calls the till; what may pass (no connection, too many calls, a clash) is tried again."""

    def __init__(self, url, key):
        self.url, self.key = url.rstrip("/"), key

    def call(self, method, path, body=None, kind="application/json", token=None):
        headers = {"Authorization": f"Bearer {self.key}"}
        if body is not None:
            headers |= {"Content-Type": kind, "Idempotency-Key": token}
        data = None if body is None else json.dumps(body).encode()
        for pause in (0.2, 1, 5, 15, None):
            try:
                request = urllib.request.Request(self.url + path, data, headers, method=method)
                with urllib.request.urlopen(request, timeout=90) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                try:
                    problem = json.load(error)
                except ValueError:
                    problem = {}
                passing = error.code in (429, 503) or problem.get("code") == "try_again"
                if pause is None or not passing:
                    raise Refused(error.code, problem) from None
            except OSError:
                if pause is None:
                    raise
            time.sleep(pause)


def perform(cloud, task):
    """Has the hypervisor do one task; returns what the till wants to know of it."""
    resource, kind = task["resource"], task["kind"]
    if kind == "provision":
        machine = cloud.create(resource, task["name"], task["options"])
        return {"address": machine["address"], "attributes": {"hostname": f"{resource[-8:]}.cloud.example"}}
    if kind == "change":
        cloud.change(resource, task["options"], limited=task["target"] == "limited")
    elif kind in ("start", "stop"):
        cloud.switch(resource, running=kind == "start")
    elif kind == "release":
        cloud.destroy(resource)
    return {}


def carry_out(till, cloud, task):
    """One task from its reading to its answer. Safe to repeat: the hypervisor and the till both know it by its id."""
    path, attempt = f"/v1/tasks/{task['id']}", task["attempt"]
    try:
        verb, body = "done", perform(cloud, task)
    except Failure as failure:
        verb, body = "failed", {"reason": str(failure), "final": failure.final, "attempt": attempt}
    try:
        till.call("POST", f"{path}/{verb}", body, token=f"{task['id']}-{attempt}-{verb}")
        print(f"{task['kind']} {task['resource']}: {verb}", flush=True)
    except Refused as refused:
        print(f"{task['kind']} {task['resource']}: {refused}", flush=True)
        if verb == "done" and task["kind"] == "provision" and refused.code == "task_state_refused":
            cloud.destroy(task["resource"])  # the money went back: nobody pays for it


def poll(till, cloud):
    """Asks for open tasks; the till answers at once when there are some, else within 30 seconds."""
    while True:
        tasks = till.call("GET", "/v1/tasks?state=open&wait=30")["items"]
        for task in tasks:
            carry_out(till, cloud, task)


def genuine(secret, headers, body):
    """Whether the till sent this, lately: Standard Webhooks, HMAC-SHA256 over id, timestamp and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    number, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
        return False
    digest = hmac.new(key, f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    given = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(expected, it) for it in given)


def listen(till, cloud, port, secret):
    """Takes webhooks: checks, notes the task, says 204 at once, and works afterwards, in order."""
    waiting = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            good = genuine(secret, self.headers, body)
            if good and (event := json.loads(body))["type"] == "task.opened":
                waiting.put(event["data"])
            self.send_response(204 if good else 401)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"listening on port {server.server_port}", flush=True)
    for task in till.call("GET", "/v1/tasks?state=open")["items"]:
        waiting.put(task)  # what was asked while nobody listened
    while True:
        carry_out(till, cloud, waiting.get())


def send_usage(till, cloud, seconds):
    """Sends what each machine sent since the last time, as a batch of CloudEvents."""
    while True:
        time.sleep(seconds)
        now = datetime.now(timezone.utc).isoformat()
        event = {"specversion": "1.0", "source": "cloud-driver", "type": "traffic_out", "time": now}
        sent = cloud.traffic(seconds).items()
        batch = [event | {"id": f"{it}-{now}", "subject": it, "data": {"quantity": size}} for it, size in sent]
        if batch:
            answer = till.call("POST", "/v1/usage", batch, "application/cloudevents-batch+json", f"usage-{now}")
            print(f"usage: {json.dumps(answer)[:200]}", flush=True)


def main():
    it = argparse.ArgumentParser(description=__doc__)
    it.add_argument("--till", default="http://127.0.0.1:7070", help="where the till listens")
    it.add_argument("--listen", type=int, metavar="PORT", help="take webhooks here instead of polling")
    it.add_argument("--usage", type=float, default=60, metavar="SECONDS", help="send usage so often; 0 for never")
    it.add_argument("--fail", action="append", default=[], metavar="NAME", help="have no room for machines of this name")
    asked = it.parse_args()
    till = Till(asked.till, os.environ["TILL_KEY"])
    cloud = Hypervisor(asked.fail)
    if asked.usage:
        threading.Thread(target=send_usage, args=(till, cloud, asked.usage), daemon=True).start()
    if asked.listen is not None:
        listen(till, cloud, asked.listen, os.environ["TILL_WEBHOOK_SECRET"])
    else:
        poll(till, cloud)


if __name__ == "__main__":
    main()
