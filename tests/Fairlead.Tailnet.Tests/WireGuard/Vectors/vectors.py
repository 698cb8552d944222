"""Computes vectors.json: one WireGuard handshake with fixed keys, and what follows from it.

Written from the whitepaper and the RFCs alone, with nothing but the standard library, so that it shares no code with what it checks.
Run it in this folder: python3 vectors.py
"""

import hashlib
import hmac
import json
import struct

P = 2**255 - 19


def x25519(scalar: bytes, point: bytes) -> bytes:
    """RFC 7748, 5."""
    k = int.from_bytes(scalar, "little") & ~7 & ((1 << 255) - 1) | (1 << 254)
    u = int.from_bytes(point, "little") & ((1 << 255) - 1)
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for t in reversed(range(255)):
        bit = (k >> t) & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a, c * b, a * a, b * b
        x3, z3 = pow(da + cb, 2, P), u * pow(da - cb, 2, P) % P
        e = aa - bb
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def rotate(value: int, count: int) -> int:
    return (value << count | value >> (32 - count)) & 0xFFFFFFFF


def rounds(state: list[int]) -> list[int]:
    s = list(state)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for x, y, z, count in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[x] = (s[x] + s[y]) & 0xFFFFFFFF
                s[z] = rotate(s[z] ^ s[x], count)
    return s


def initial(key: bytes, tail: bytes) -> list[int]:
    return list(struct.unpack("<16I", b"expand 32-byte k" + key + tail))


def block(key: bytes, counter: int, nonce: bytes) -> bytes:
    state = initial(key, struct.pack("<I", counter) + nonce)
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(state, rounds(state))))


def aead(key: bytes, nonce: bytes, plaintext: bytes, ad: bytes) -> bytes:
    """RFC 8439, 2.8."""
    sealed = b""
    for i in range(0, len(plaintext), 64):
        stream = block(key, 1 + i // 64, nonce)
        sealed += bytes(x ^ y for x, y in zip(plaintext[i:i + 64], stream))
    one_time = block(key, 0, nonce)[:32]
    r = int.from_bytes(one_time[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(one_time[16:], "little")
    data = ad + bytes(-len(ad) % 16) + sealed + bytes(-len(sealed) % 16) + struct.pack("<QQ", len(ad), len(sealed))
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i:i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return sealed + ((total + s) & (2**128 - 1)).to_bytes(16, "little")


def seal(key: bytes, counter: int, plaintext: bytes, ad: bytes) -> bytes:
    return aead(key, bytes(4) + struct.pack("<Q", counter), plaintext, ad)


def xseal(key: bytes, nonce: bytes, plaintext: bytes, ad: bytes) -> bytes:
    """draft-irtf-cfrg-xchacha, 2.3."""
    words = rounds(initial(key, nonce[:16]))
    subkey = struct.pack("<8I", *words[:4], *words[12:])
    return aead(subkey, bytes(4) + nonce[16:], plaintext, ad)


def blake(*parts: bytes) -> bytes:
    return hashlib.blake2s(b"".join(parts)).digest()


def mac(key: bytes, data: bytes) -> bytes:
    return hashlib.blake2s(data, digest_size=16, key=key).digest()


def kdf(key: bytes, data: bytes, count: int) -> list[bytes]:
    secret = hmac.new(key, data, hashlib.blake2s).digest()
    outputs, last = [], b""
    for i in range(1, count + 1):
        last = hmac.new(secret, last + bytes([i]), hashlib.blake2s).digest()
        outputs.append(last)
    return outputs


def public(private: bytes) -> bytes:
    return x25519(private, (9).to_bytes(32, "little"))


def key(seed: int) -> bytes:
    return blake(b"vector", bytes([seed]))


def signed(message: bytes, receiver: bytes, cookie: bytes | None = None) -> bytes:
    message += mac(blake(b"mac1----", receiver), message)
    return message + (mac(cookie, message) if cookie else bytes(16))


def main() -> None:
    si, sr, ei, er, psk = (key(i) for i in range(1, 6))
    pi, pr, ui, ur = (public(k) for k in (si, sr, ei, er))
    initiator_index, responder_index = 0x01020304, 0xA0B0C0D0
    timestamp = struct.pack(">QI", 2**62 + 10 + 1_700_000_000, 0x0A000000)

    c = blake(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
    h = blake(blake(c, b"WireGuard v1 zx2c4 Jason@zx2c4.com"), pr)
    c, = kdf(c, ui, 1)
    h = blake(h, ui)
    c, k = kdf(c, x25519(ei, pr), 2)
    static = seal(k, 0, pi, h)
    h = blake(h, static)
    c, k = kdf(c, x25519(si, pr), 2)
    time = seal(k, 0, timestamp, h)
    h = blake(h, time)
    body = struct.pack("<II", 1, initiator_index) + ui + static + time
    cookie = key(6)[:16]
    initiation, initiation_with_cookie = signed(body, pr), signed(body, pr, cookie)

    c, = kdf(c, ur, 1)
    h = blake(h, ur)
    c, = kdf(c, x25519(er, ui), 1)
    c, = kdf(c, x25519(er, pi), 1)
    c, t, k = kdf(c, psk, 3)
    h = blake(h, t)
    body = struct.pack("<III", 2, responder_index, initiator_index) + ur + seal(k, 0, b"", h)
    response = signed(body, pi)
    to_responder, to_initiator = kdf(c, b"", 2)

    packet = bytes(range(45)) + bytes(3)
    header = struct.pack("<IIQ", 4, responder_index, 258)
    data = header + seal(to_responder, 258, packet, b"")
    nonce = key(7)[:24]
    reply = struct.pack("<II", 3, initiator_index) + nonce + xseal(blake(b"cookie--", pr), nonce, cookie, initiation[116:132])

    vectors = {
        "initiatorPrivate": si, "responderPrivate": sr, "initiatorEphemeral": ei, "responderEphemeral": er, "presharedKey": psk,
        "timestamp": timestamp, "initiation": initiation, "initiationWithCookie": initiation_with_cookie, "response": response,
        "keyToResponder": to_responder, "keyToInitiator": to_initiator, "data": data, "cookie": cookie, "cookieReply": reply,
    }
    with open("vectors.json", "w", encoding="ascii") as file:
        json.dump({name: value.hex() for name, value in vectors.items()}, file, indent=2)
        file.write("\n")


main()
