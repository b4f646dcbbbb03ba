package evy.web.websocket;

import evy.web.App;
import evy.web.Headers;
import evy.web.HttpVersion;
import evy.web.Request;
import evy.web.Response;
import evy.web.Takeover;

import org.jspecify.annotations.Nullable;

import java.util.Base64;
import java.util.List;

/**
 * Serves WebSockets: an app like any other, so it stands beside others on one port.
 *
 * <pre>{@code
 * new Router()
 *         .get("/", request -> Response.html(PAGE))
 *         .get("/echo", WebSocketApp.of(ws -> ws.forEach(...)))
 * }</pre>
 *
 * <p>The handler runs in the green thread of the connection. A request that is no handshake gets a
 * 400, one from an origin that is not admitted a 403, another version of the protocol a 426.
 *
 * @thread any
 * @source RFC 6455 section 4.2
 */
public final class WebSocketApp implements App {
    private static final int KEY_BYTES = 16;
    private static final List<String> VERSIONS = List.of("13", "8");

    private final WebSocketHandler handler;
    private final WebSocketOptions options;

    private WebSocketApp(WebSocketHandler handler, WebSocketOptions options) {
        this.handler = handler;
        this.options = options;
    }

    /**
     * Makes an app of a handler.
     *
     * @param handler what serves a connection
     * @return the app
     */
    public static App of(WebSocketHandler handler) {
        return of(handler, WebSocketOptions.DEFAULT);
    }

    /**
     * Makes an app of a handler.
     *
     * @param handler what serves a connection
     * @param options how connections behave
     * @return the app
     */
    public static App of(WebSocketHandler handler, WebSocketOptions options) {
        return new WebSocketApp(handler, options);
    }

    @Override
    public Response handle(Request request) throws Exception {
        Headers headers = request.headers();
        if (!request.method().equals("GET")
                || request.version() != HttpVersion.HTTP_1_1
                || request.contentLength() != 0
                || !headers.hasToken("Connection", "upgrade")
                || !headers.hasToken("Upgrade", "websocket")) {
            return refuse(400);
        }
        String version = request.header("Sec-WebSocket-Version");
        if (version == null && options.legacy()) {
            return LegacyHandshake.serve(request, options, this::serve);
        }
        if (version == null || !VERSIONS.contains(version)) {
            return Response.of(426)
                    .withHeader("Sec-WebSocket-Version", "8, 13")
                    .withHeader("Upgrade", "websocket")
                    .withHeader("Connection", "Upgrade, close");
        }
        String key = request.header("Sec-WebSocket-Key");
        if (key == null || headers.all("Sec-WebSocket-Key").size() > 1 || !isKey(key)) {
            return refuse(400);
        }
        if (!options.admits(originOf(request))) {
            return refuse(403);
        }
        upgrade(request, key);
        return Response.handled();
    }

    private static Response refuse(int status) {
        return Response.of(status).withHeader("Connection", "close");
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /* Version 8 had its own name for it. */
    private static @Nullable String originOf(Request request) {
        String origin = request.header("Origin");
        return origin == null ? request.header("Sec-WebSocket-Origin") : origin;
    }

    private void upgrade(Request request, String key) throws Exception {
        Headers answer = Headers.of("Sec-WebSocket-Accept", AcceptKey.of(key));
        String subprotocol = subprotocol(request.headers());
        if (subprotocol != null) {
            answer = answer.with("Sec-WebSocket-Protocol", subprotocol);
        }
        DeflateAgreement agreed = compression(request.headers());
        if (agreed != null) {
            answer = answer.with("Sec-WebSocket-Extensions", agreed.reply().toString());
        }
        Opening opening =
                new Opening(request.target(), request.headers().copy(), subprotocol, agreed);
        Takeover connection = request.upgrade("websocket", answer);
        Transport transport = Transport.of(connection, options.idleTimeout());
        FrameWriter writer = FrameWriter.plain(transport::write);
        serve(connection, new Rfc6455WebSocket(transport, opening, options, writer));
    }

    /* Of those offered, in the client's order, the first that this end speaks. */
    private @Nullable String subprotocol(Headers headers) {
        String offered = headers.joined("Sec-WebSocket-Protocol");
        if (offered != null) {
            for (String name : offered.split(",", -1)) {
                if (options.subprotocols().contains(name.strip())) {
                    return name.strip();
                }
            }
        }
        return null;
    }

    private @Nullable DeflateAgreement compression(Headers headers) {
        Compression wanted = options.compression();
        return wanted == null
                ? null
                : DeflateAgreement.choose(
                        Extension.parse(headers.joined("Sec-WebSocket-Extensions")), wanted);
    }

    /* A stopping server need not wait for it, as it may last for ever, but it says so. */
    private void serve(Takeover connection, WebSocket ws) throws Exception {
        connection.setIdle(true);
        connection.onStop(() -> ws.close(CloseStatus.GOING_AWAY, ""));
        boolean failed = true;
        try {
            handler.handle(ws);
            failed = false;
        } catch (WebSocketException e) {
            if (ws.isOpen()) {
                throw e;
            }
            failed = false; // sent after the peer had gone: that is how connections end
        } finally {
            ws.close(failed ? CloseStatus.INTERNAL_ERROR : CloseStatus.NORMAL, "");
        }
    }
}
