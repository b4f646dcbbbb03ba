/**
 * WebSockets, both ends, by RFC 6455, with compression by RFC 7692.
 *
 * <p>A handler is plain blocking code on a green thread of its own:
 *
 * <pre>{@code
 * for (Message message : ws) {
 *     ws.send(message);
 * }
 * }</pre>
 */
@NullMarked
package evy.web.websocket;

import org.jspecify.annotations.NullMarked;
