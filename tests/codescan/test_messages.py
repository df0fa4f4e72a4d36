"""Messages: which calls send what a consumer gets, and which part of it."""

import pytest

from spawngate.codescan import messages
from tests.codescan.projects import Sources

KAFKA = "consumer.run({ eachMessage: async ({ message }) => use(message.value) });"
CASES = [
    (KAFKA, "producer.send({ topic, messages: [{ value: given }] });", ("message", "value"), "given"),
    (KAFKA, "mailer.send({ topic, messages: [{ value: given }] });", ("message", "value"), ""),
    ("channel.consume('q', (m) => use(m.content));", "channel.sendToQueue('q', given);", ("content",), "given"),
    ("channel.consume('q', (m) => use(m.content));", "channel.publish('x', 'k', given);", ("content",), "given"),
    ("sub.on('message', (topic, text) => use(text));", "pub.publish('t', given);", (), "given"),
    ("sub.subscribe('t', (text) => use(text));", "pub.publish('t', given);", (), "given"),
    ("parentPort.on('message', (job) => use(job));", "worker.postMessage(given);", (), "given"),
    ("process.on('message', (job) => use(job));", "child.send(given);", (), "given"),
    ("process.on('message', (job) => use(job));", "response.send(given);", (), ""),
    ("nc.subscribe('s', { callback: (e, m) => use(m.data) });", "nc.publish('s', given);", ("data",), "given"),
    ("list.on('change', (job) => use(job));", "worker.postMessage(given);", (), ""),
]


@pytest.mark.parametrize(("consumer", "producer", "path", "wanted"), CASES)
def test_given(consumer: str, producer: str, path: tuple[str, ...], wanted: str) -> None:
    sources = Sources({"in.js": consumer, "out.js": producer})
    _, function = sources.call("use", "in.js")
    last = len(function.params) - 1
    found = [
        (sources.project.text(site.function.module.path, site.call.line), left)
        for site in messages.sites(sources.calls, function)
        for index in range(last + 1)
        for _, left in messages.given(site, function, index, path)
    ]
    below = ("messages", "*", "value") if "eachMessage" in consumer else ()
    assert found == ([(producer, below)] if wanted else [])


def test_a_consumer_that_answers_does_not_get_its_answer() -> None:
    sources = Sources({"in.js": "parentPort.on('message', (job) => { parentPort.postMessage(use(job)); });"})
    assert messages.sites(sources.calls, sources.call("use", "in.js")[1]) == []


def test_worker_data() -> None:
    files = {
        "worker.js": "const { workerData } = require('worker_threads');\nlaunch(workerData.command);",
        "main.js": "new Worker('./worker.js', { workerData: { command: process.env.X } });",
    }
    found = Sources(files).slice("launch", path="worker.js").found
    assert [(each.kind.value, each.function.module.path) for each in found] == [("env", "main.js")]
