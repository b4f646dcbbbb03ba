/**
 * WebSockets, both ends, by RFC 6455, with compression by RFC 7692.
 *
 * <p>A handler is plain blocking code on a green thread of its own:
 *
 * {@snippet :
 * var app = new evy.web.Router().get("/echo", WebSocketApp.of(ws -> {
 *     for (var message : ws) {
 *         ws.send(message);
 *     }
 * }));
 * }
 *
 * <p>Begin with {@link evy.web.websocket.WebSocketApp} to serve, {@link
 * evy.web.websocket.WebSocket#connect(java.net.URI)} to connect, {@link
 * evy.web.websocket.Broadcast} to send to many.
 *
 * <p>Guide: {@code docs/guide/websocket.md}.
 */
@NullMarked
package evy.web.websocket;

import org.jspecify.annotations.NullMarked;
