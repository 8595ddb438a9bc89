"""A stub hypervisor: virtual machines in a dict. Replace this file by calls to the real one.

Every function may be called again with the same resource: the second call finds the work done. A driver needs that,
because the till asks again when it has not heard an answer.
"""

import random
import threading


class Failure(Exception):
    """The hypervisor cannot do it. `final`: asking again is useless."""

    def __init__(self, reason, final=False):
        super().__init__(reason)
        self.final = final


class Hypervisor:
    def __init__(self, fail_names=(), bytes_per_second=125_000):
        self.machines = {}
        self.fail_names = set(fail_names)
        self.bytes_per_second = bytes_per_second
        self.addresses = (f"10.77.{a}.{b}" for a in range(256) for b in range(1, 255))
        self.lock = threading.Lock()

    def create(self, resource, name, options):
        with self.lock:
            if name in self.fail_names:
                raise Failure(f"no host has room for {name}", final=True)
            if resource not in self.machines:
                address = next(self.addresses, None)
                if address is None:
                    raise Failure("no address is left")
                self.machines[resource] = {"name": name, "options": options, "running": True, "address": address}
            return dict(self.machines[resource])

    def _machine(self, resource):
        if resource not in self.machines:
            raise Failure(f"there is no machine for {resource}")
        return self.machines[resource]

    def change(self, resource, options, limited):
        with self.lock:
            self._machine(resource).update(options=options, limited=limited)

    def switch(self, resource, running):
        with self.lock:
            self._machine(resource)["running"] = running

    def destroy(self, resource):
        with self.lock:
            self.machines.pop(resource, None)

    def traffic(self, seconds):
        """What each running machine that pays by traffic has sent in the last `seconds`, in bytes."""
        with self.lock:
            running = [key for key, it in self.machines.items() if it["running"] and it["options"].get("network") == "traffic"]
        return {it: int(self.bytes_per_second * seconds * random.uniform(0.5, 1.5)) for it in running}
