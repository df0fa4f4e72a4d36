"""A daemon that answers with the bytes it was given, one request each."""

import socket
import threading
from collections.abc import Sequence
from pathlib import Path

from spawngate.model import wire
from spawngate.model.call import HookReply


class Daemon:
    """Answers as many requests as it has answers."""

    def __init__(self, path: Path, answers: Sequence[bytes]) -> None:
        self.asked: list[wire.Request] = []
        self._answers = answers
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.settimeout(20)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        for answer in self._answers:
            client, _ = self._listener.accept()
            with client:
                data = b""
                while (length := wire.request_length(data)) is None or len(data) < length:
                    data += client.recv(1 << 16)
                self.asked.append(wire.decode_request(data))
                client.sendall(wire.encode_answer(HookReply(stdout=answer)))

    def end(self) -> None:
        """Wait for the last request."""
        self._thread.join(30)
        self._listener.close()
