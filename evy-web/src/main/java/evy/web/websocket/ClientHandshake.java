package evy.web.websocket;

import evy.Evy;
import evy.Timeout;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A client's part of the opening handshake.
 *
 * @source RFC 6455 section 4.1
 */
final class ClientHandshake {
    private static final int NONCE_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final URI uri;
    private final WebSocketOptions options;
    private final boolean secure;
    private final int port;
    private final String nonce;

    private ClientHandshake(URI uri, WebSocketOptions options) throws WebSocketException {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean plain = scheme.equals("ws");
        this.secure = scheme.equals("wss");
        if (!plain && !secure) {
            throw new IllegalArgumentException("a WebSocket's URI begins with ws or wss: " + uri);
        }
        if (uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "a WebSocket's URI has a host, and no fragment: " + uri);
        }
        this.uri = uri;
        this.options = options;
        this.port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        byte[] bytes = new byte[NONCE_BYTES];
        RANDOM.nextBytes(bytes);
        this.nonce = Base64.getEncoder().encodeToString(bytes);
    }

    static WebSocket open(URI uri, WebSocketOptions options) throws IOException {
        ClientHandshake handshake = new ClientHandshake(uri, options);
        WebSocket ws = Timeout.call(options.connectTimeout(), handshake::open, null);
        if (ws == null) {
            throw new SocketTimeoutException(
                    uri + ": no WebSocket within " + options.connectTimeout());
        }
        return ws;
    }

    private WebSocket open() throws IOException {
        String host = host();
        Socket socket = Evy.connect(host, port);
        boolean open = false;
        try {
            if (secure) {
                socket = Evy.wrapTls(socket, options.tls().withServerHostname(host));
            }
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request().getBytes(StandardCharsets.ISO_8859_1));
            ResponseHead response = ResponseHead.read(socket.getInputStream());
            Opening opening = check(response);
            Transport transport = new Transport(socket, response.rest(), options.idleTimeout());
            FrameWriter writer = FrameWriter.masking(transport::write, RANDOM);
            WebSocket ws = new Rfc6455WebSocket(transport, opening, options, writer);
            open = true;
            return ws;
        } finally {
            if (!open) {
                socket.close();
            }
        }
    }

    /* Without the brackets of an IPv6 address. */
    private String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private String target() {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private String request() {
        StringBuilder request = new StringBuilder();
        request.append("GET ").append(target()).append(" HTTP/1.1\r\n");
        boolean usual = port == (secure ? 443 : 80);
        request.append("Host: ")
                .append(uri.getHost())
                .append(usual ? "" : ":" + port)
                .append("\r\n");
        request.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
        request.append("Sec-WebSocket-Key: ").append(nonce).append("\r\n");
        request.append("Sec-WebSocket-Version: 13\r\n");
        if (!options.subprotocols().isEmpty()) {
            String names = String.join(", ", options.subprotocols());
            request.append("Sec-WebSocket-Protocol: ").append(names).append("\r\n");
        }
        Compression compression = options.compression();
        if (compression != null) {
            Extension offer = DeflateAgreement.offer(compression);
            request.append("Sec-WebSocket-Extensions: ").append(offer).append("\r\n");
        }
        options.headers()
                .forEach(
                        (name, value) ->
                                request.append(name).append(": ").append(value).append("\r\n"));
        return request.append("\r\n").toString();
    }

    private Opening check(ResponseHead response) throws WebSocketException {
        if (response.status() != 101) {
            throw refuse("the server answered " + response.status() + " " + response.reason());
        }
        if (!"websocket".equalsIgnoreCase(response.only("Upgrade"))
                || !response.headers().hasToken("Connection", "upgrade")) {
            throw refuse("the server did not upgrade to a WebSocket");
        }
        if (!AcceptKey.of(nonce).equals(response.only("Sec-WebSocket-Accept"))) {
            throw refuse("the server's Sec-WebSocket-Accept does not answer our key");
        }
        String subprotocol = response.only("Sec-WebSocket-Protocol");
        if (subprotocol != null && !options.subprotocols().contains(subprotocol)) {
            throw refuse("the server chose a subprotocol that was not offered: " + subprotocol);
        }
        return new Opening(target(), response.headers(), subprotocol, compression(response));
    }

    private @Nullable DeflateAgreement compression(ResponseHead response)
            throws WebSocketException {
        String fields = response.headers().joined("Sec-WebSocket-Extensions");
        if (fields == null) {
            return null;
        }
        List<Extension> extensions = Extension.parse(fields);
        Compression wanted = options.compression();
        DeflateAgreement agreed =
                wanted == null || extensions.size() != 1
                        ? null
                        : DeflateAgreement.confirm(extensions.getFirst(), wanted);
        if (agreed == null) {
            throw refuse("the server chose extensions that were not offered: " + fields);
        }
        return agreed;
    }

    private WebSocketException refuse(String why) {
        return new WebSocketException(uri + ": " + why);
    }
}
