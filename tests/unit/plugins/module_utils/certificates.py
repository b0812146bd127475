# Copyright (c) 2026, webops.paas contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for test servers, built by hand, because the standard library cannot create any."""

from __future__ import annotations

import base64
import hashlib
import random
import socket


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def integer(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


# The elliptic curve P-256 (SEC 2): y² = x³ - 3x + b modulo FIELD, with GENERATOR of prime ORDER.
FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def add_points(one, two):
    if one is None or two is None:
        return one or two
    if one[0] == two[0] and one != two:
        return None
    slope = (
        (3 * one[0] ** 2 - 3) * pow(2 * one[1], -1, FIELD)
        if one == two
        else (two[1] - one[1]) * pow(two[0] - one[0], -1, FIELD)
    )
    x = (slope * slope - one[0] - two[0]) % FIELD
    return x, (slope * (one[0] - x) - one[1]) % FIELD


def generator_times(number):
    product, power = None, GENERATOR
    while number:
        if number & 1:
            product = add_points(product, power)
        power, number = add_points(power, power), number >> 1
    return product


def signature_of(text, key):
    """ECDSA with SHA-256, DER."""
    secret = random.randrange(1, ORDER)
    r = generator_times(secret)[0] % ORDER
    return der(
        0x30,
        integer(r),
        integer((int.from_bytes(hashlib.sha256(text).digest(), "big") + r * key) * pow(secret, -1, ORDER) % ORDER),
    )


def pem(label, body):
    return f"-----BEGIN {label}-----\n" + base64.encodebytes(body).decode() + f"-----END {label}-----\n"


def self_signed(host_names, addresses, ends=b"491231235959Z"):
    """(certificate, key) as PEM texts. ends: the expiration time as a UTCTime of ASN.1."""
    key = random.randrange(1, ORDER)
    curve = bytes.fromhex("06082a8648ce3d030107")
    public = der(3, b"\0\4", *(number.to_bytes(32, "big") for number in generator_times(key)))
    algorithm = der(0x30, bytes.fromhex("06082a8648ce3d040302"))
    name = der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(12, b"webops.paas test"))))
    names = der(
        0x30,
        *(der(0x82, host.encode()) for host in host_names),
        *(der(0x87, socket.inet_aton(each)) for each in addresses),
    )
    extensions = der(
        0xA3,
        der(
            0x30,
            der(0x30, bytes.fromhex("0603551d11"), der(4, names)),
            der(0x30, bytes.fromhex("0603551d13"), der(1, b"\xff"), der(4, der(0x30, der(1, b"\xff")))),
        ),
    )
    unsigned = der(
        0x30,
        der(0xA0, integer(2)),
        integer(1),
        algorithm,
        name,
        der(0x30, der(0x17, b"200101000000Z"), der(0x17, ends)),
        name,
        der(0x30, der(0x30, bytes.fromhex("06072a8648ce3d0201"), curve), public),
        extensions,
    )
    private = der(0x30, integer(1), der(4, key.to_bytes(32, "big")), der(0xA0, curve), der(0xA1, public))
    return (
        pem("CERTIFICATE", der(0x30, unsigned, algorithm, der(3, b"\0", signature_of(unsigned, key)))),
        pem("EC PRIVATE KEY", private),
    )
