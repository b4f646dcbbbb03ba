// A client of Node's "ws": echoes everything a WebSocket can carry, and says "done" if it came back.
const assert = require("assert");
const WebSocket = require("ws");

const [url, deflate] = process.argv.slice(2);
const payloads = [
  "", "hello", "h\u00e9llo \u20ac \u{1f600}", "x".repeat(125), "x".repeat(126), "x".repeat(65535), "abc".repeat(100000),
  Buffer.alloc(0), Buffer.from([0, 255, 128]), Buffer.alloc(65536, 7), Buffer.alloc(1 << 20, "0123456789"),
];
const options = {
  none: { perMessageDeflate: false },
  context: { perMessageDeflate: { threshold: 0 } },
  reset: { perMessageDeflate: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true } },
  small: { perMessageDeflate: { threshold: 0, clientMaxWindowBits: 9 } },
}[deflate];

const once = (ws, event) => new Promise(resolve => ws.once(event, (...values) => resolve(values)));

const fail = e => {
  console.log(e.stack);
  process.exit(1);
};

async function main() {
  const ws = new WebSocket(url, options);
  ws.on("error", fail);
  await once(ws, "open");
  assert.strictEqual(ws.extensions !== "", deflate !== "none");
  for (const payload of payloads) {
    ws.send(payload);
    const [data, binary] = await once(ws, "message");
    assert.strictEqual(binary, typeof payload !== "string");
    assert.ok(Buffer.from(payload).equals(data), `${payload.length} characters or bytes`);
  }
  ws.send("in ", { fin: false });
  ws.ping("amid");
  ws.send("three ", { fin: false });
  ws.send("parts", { fin: true });
  const [[pong], [data]] = await Promise.all([once(ws, "pong"), once(ws, "message")]);
  assert.strictEqual(pong.toString(), "amid");
  assert.strictEqual(data.toString(), "in three parts");
  ws.close(4001, "bye");
  const [code, reason] = await once(ws, "close");
  assert.strictEqual(code, 4001);
  assert.strictEqual(reason.toString(), "bye");
  console.log("done");
}

main().catch(fail);
