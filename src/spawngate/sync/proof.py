"""That whoever enrols holds the private key of the public one it names.

The signature is over everything that is claimed, the secret among it: what was shown with one secret is no use with
another. Must not be here: where keys lie.
"""

import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from spawngate.sync.messages import Enrol

_TITLE = "spawngate enrolment 1"


def statement(message: Enrol) -> bytes:
    """What is signed: every claim, the secret by its digest."""
    claims = {
        "clock": message.clock,
        "host": message.host,
        "installation": message.installation,
        "key": message.key,
        "platform": message.platform,
        "secret": hashlib.sha256(message.secret.encode()).hexdigest(),
        "user": message.user,
        "version": message.version,
    }
    return f"{_TITLE}\n{json.dumps(claims, sort_keys=True)}\n".encode()


def public_key(seed: bytes) -> str:
    """The public key of a private one, hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def sign(message: Enrol, seed: bytes) -> str:
    """The proof, hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(statement(message)).hex()


def holds(message: Enrol) -> bool:
    """Whether the proof is one of this message."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(message.key))
        key.verify(bytes.fromhex(message.proof), statement(message))
    except (ValueError, InvalidSignature):
        return False
    return True
