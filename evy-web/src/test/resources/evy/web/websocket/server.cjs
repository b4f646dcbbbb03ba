// An echo server of Node's "ws"; says its port first. What it gets as "close" it closes with 4002.
const { WebSocketServer } = require("ws");

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: { threshold: 0 }, maxPayload: 1 << 26 });
server.on("listening", () => console.log(server.address().port));
server.on("connection", ws => {
  ws.on("message", (data, binary) => {
    if (data.toString("latin1") === "close") ws.close(4002, "as you wish");
    else ws.send(data, { binary });
  });
});
