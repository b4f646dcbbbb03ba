"""An echo server of Python's "websockets"; says its port first. "close" it closes with 4002."""

import asyncio

import websockets


async def echo(ws, *_):
    async for message in ws:
        if message == "close":
            await ws.close(4002, "as you wish")
        else:
            await ws.send(message)


async def main():
    async with websockets.serve(echo, "127.0.0.1", 0, max_size=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
