"""SHELL. Figures for Prometheus: requests by route, their times, and what the stores hold.

Format: Prometheus text exposition 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). Counters are of
this process. Must not be here: who may read them (`server.health`).
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spawngate.server.access.principal import NOBODY
from spawngate.server.log import Log, place
from spawngate.sync.messages import PREFIX

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Seconds. 0.3 is the budget of a page."""
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
"""That are told apart: a stranger may send any other word as one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric."""

    name: str
    help: str
    kind: str
    """counter or gauge."""
    values: Mapping[tuple[tuple[str, str], ...], float]
    """By labels."""


def figure(name: str, help: str, value: float, kind: str = "gauge") -> Figure:
    """A metric without labels."""
    return Figure(name, help, kind, {(): value})


def rendered(figures: Iterable[Figure]) -> str:
    """The text of an exposition."""
    lines: list[str] = []
    for each in figures:
        lines += [f"# HELP {each.name} {each.help}", f"# TYPE {each.name} {each.kind}"]
        lines += [f"{each.name}{_labels(labels)} {_number(value)}" for labels, value in each.values.items()]
    return "".join(f"{line}\n" for line in lines)


class Requests:
    """Counts requests. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: dict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = {}
        self._sum: dict[str, float] = defaultdict(float)

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request that was answered."""
        with self._lock:
            self._count[(route, method, status)] += 1
            self._sum[route] += seconds
            buckets = self._buckets.setdefault(route, [0] * (len(BOUNDS) + 1))
            buckets[next((at for at, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))] += 1

    def text(self) -> str:
        """The part of the exposition that is about requests."""
        with self._lock:
            counts: dict[tuple[tuple[str, str], ...], float] = {
                (("method", method), ("route", route), ("status", str(status))): float(number)
                for (route, method, status), number in sorted(self._count.items())
            }
            lines = [rendered([Figure("spawngate_http_requests_total", "Requests answered.", "counter", counts)])]
            name = "spawngate_http_request_seconds"
            lines.append(f"# HELP {name} Time to the end of the answer.\n# TYPE {name} histogram\n")
            for route, buckets in sorted(self._buckets.items()):
                total = 0
                for bound, number in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
                    total += number
                    lines.append(f"{name}_bucket{_labels((('le', bound), ('route', route)))} {total}\n")
                labels = _labels((("route", route),))
                lines.append(f"{name}_sum{labels} {_number(self._sum[route])}\n{name}_count{labels} {total}\n")
            return "".join(lines)


class Watched:
    """Counts, times and logs every request, by the path of its route: what stands in the path itself is nobody's."""

    def __init__(self, app: ASGIApp, requests: Requests, log: Log | None, path_of: Callable[[Scope], str]) -> None:
        self._app, self._requests, self._log, self._path_of = app, requests, log, path_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        fault = ""
        try:
            await self._app(scope, receive, noted)
        except BaseException as error:
            fault = place(error)
            raise
        finally:
            seconds = time.perf_counter() - begun
            route = self._path_of(scope)
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._requests.add(route, method, status, seconds)
            self._tell(scope, method, route, status, seconds, fault)

    def _tell(self, scope: Scope, method: str, route: str, status: int, seconds: float, fault: str) -> None:
        if self._log is None:
            return
        principal = scope.get("state", {}).get("principal", NOBODY)
        # What every endpoint does every minute fills no log.
        usual = route.startswith(PREFIX) and status < 400
        self._log.write(
            "error" if status >= 500 else "debug" if usual else "info",
            "request",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            by=principal.name,
            kind=principal.kind.value if principal is not NOBODY else "",
            client=scope["client"][0] if scope.get("client") else "",
            fault=fault,
        )


def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
