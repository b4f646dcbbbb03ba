"""A client of Python's "websockets": echoes everything a WebSocket can carry, and says "done"."""

import asyncio
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

PAYLOADS = [
    "", "hello", "h\u00e9llo \u20ac \U0001f600", "x" * 125, "x" * 126, "x" * 65535, "abc" * 100_000,
    b"", bytes([0, 255, 128]), bytes(65536), b"0123456789" * 100_000,
]
EXTENSIONS = {
    "none": [],
    "context": [ClientPerMessageDeflateFactory()],
    "reset": [
        ClientPerMessageDeflateFactory(
            server_no_context_takeover=True, client_no_context_takeover=True
        )
    ],
    "small": [ClientPerMessageDeflateFactory(client_max_window_bits=9)],
}


async def main(url, deflate):
    async with websockets.connect(
        url, compression=None, extensions=EXTENSIONS[deflate], max_size=None
    ) as ws:
        assert bool(ws.extensions) == (deflate != "none"), ws.extensions
        for payload in PAYLOADS:
            await ws.send(payload)
            assert await ws.recv() == payload, len(payload)
        await ws.send(["in ", "three ", "parts"])
        assert await ws.recv() == "in three parts"
        await (await ws.ping(b"amid"))
        await ws.close(4001, "bye")
        assert (ws.close_code, ws.close_reason) == (4001, "bye"), ws.close_code
    print("done")


asyncio.run(main(*sys.argv[1:]))
