// Node's "ws", which is found by NODE_PATH. Arguments: ws|ws-deflate PORT.
const { WebSocketServer } = require("ws");

const [mode, port] = process.argv.slice(2);
const deflate = { threshold: 64, serverNoContextTakeover: true, clientNoContextTakeover: true };
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(port),
  backlog: 4096,
  perMessageDeflate: mode === "ws-deflate" && deflate,
});
server.on("listening", () => console.log(`listening ${server.address().port}`));
server.on("connection", ws => ws.on("message", (data, binary) => ws.send(data, { binary })));
