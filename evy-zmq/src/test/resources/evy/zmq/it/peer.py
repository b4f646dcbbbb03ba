"""A libzmq peer for the tests.

Runs each line of its input as Python and answers with one line: '= ' and the value of an
expression, '=' for a statement, '! ' and what went wrong. Ends with its input.
"""

import sys
import time
import zlib

import zmq

ctx = zmq.Context()


def socket(kind, patience=10_000, **options):
    """A socket of the kind named as in zmq.PUSH; waits at most so many ms for anything."""
    made = ctx.socket(getattr(zmq, kind))
    made.linger = 0
    made.rcvtimeo = patience
    made.sndtimeo = patience
    for name, value in options.items():
        setattr(made, name, value)
    return made


def bind(made, address="tcp://127.0.0.1:*"):
    """Binds, and gives the real address."""
    made.bind(address)
    return made.last_endpoint.decode()


def texts(made):
    """Receives a message: its parts as text, joined by '|'."""
    return "|".join(part.decode() for part in made.recv_multipart())


def send(made, *parts):
    made.send_multipart([part if isinstance(part, bytes) else part.encode() for part in parts])


def echo(made, count):
    """Sends so many messages back as they came."""
    for _ in range(count):
        made.send_multipart(made.recv_multipart())


def pattern(size):
    """Bytes whose value follows from their place."""
    return bytes(range(251)) * (size // 251) + bytes(range(size % 251))


def crc(part):
    return zlib.crc32(part)


def receive_until(made, last):
    """Receives text until a certain one; what came before, in order."""
    got = []
    while True:
        text = texts(made)
        if text == last:
            return got
        got.append(text)


def answer(line):
    try:
        code = compile(line, "<test>", "eval")
    except SyntaxError:
        exec(compile(line, "<test>", "exec"), globals())
        return "="
    return f"= {eval(code, globals())}"


for line in sys.stdin:
    try:
        reply = answer(line.strip())
    except Exception as e:
        reply = f"! {type(e).__name__}: {e}"
    print(reply.replace("\n", " "), flush=True)
ctx.destroy(linger=0)
