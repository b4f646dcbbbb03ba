package evy.tools;

import evy.Evy;
import evy.io.GreenSocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Joins the terminal to a back door: what is typed goes there line by line, what comes from there
 * is shown, and Ctrl-C stops what runs there. Ends with the session. Works in {@code rlwrap}.
 */
final class BackdoorClient {
    /** Environment variable with the token. */
    static final String TOKEN_VARIABLE = "EVY_BACKDOOR_TOKEN";

    private static final String USAGE = "use evy backdoor [--token] HOST:PORT|PORT|FILE";
    private static final int CTRL_C = 3;
    private static final int MAX_PORT = 65_535;

    private final GreenSocket session;

    private BackdoorClient(GreenSocket session) {
        this.session = session;
    }

    /**
     * Holds a session.
     *
     * @param args where to; {@code --token} before it asks for one on the terminal
     * @return the exit status
     */
    static int run(String... args) throws UsageException {
        var arguments = List.of(args);
        var asks = arguments.contains("--token");
        var places = arguments.stream().filter(a -> !a.equals("--token")).toList();
        if (places.size() != 1) {
            throw new UsageException(USAGE);
        }
        var place = places.getFirst();
        var address = address(place);
        var token = Tokens.get(asks, TOKEN_VARIABLE);
        try (var session = Evy.connect(address)) {
            new BackdoorClient(session).hold(token, System.in, System.out);
            return 0;
        } catch (IOException e) {
            throw new UsageException("backdoor " + place + ": " + e.getMessage());
        }
    }

    /** The address that a text means: a port of this machine, a host and a port, or a file. */
    static SocketAddress address(String place) throws UsageException {
        if (place.contains("/")) {
            return UnixDomainSocketAddress.of(
                    place.startsWith("unix:") ? place.substring(5) : place);
        }
        var colon = place.lastIndexOf(':');
        var host = colon <= 0 ? "localhost" : place.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            var port = Integer.parseInt(place.substring(colon + 1));
            if (port > 0 && port <= MAX_PORT) {
                return new InetSocketAddress(host, port);
            }
        } catch (NumberFormatException e) {
            throw new UsageException("'" + place + "' is no place to connect to; " + USAGE);
        }
        throw new UsageException("'" + place + "': port must be in 1 to " + MAX_PORT);
    }

    private void hold(@Nullable String token, InputStream in, PrintStream out) throws IOException {
        var toServer = session.getOutputStream();
        if (token != null) {
            toServer.write((token + "\n").getBytes(StandardCharsets.UTF_8));
        }
        try (var _ = Evy.signal("INT", _ -> interrupt())) {
            Thread.ofPlatform().daemon().name("evy-backdoor-input").start(() -> sendAll(in));
            var fromServer = session.getInputStream();
            var buffer = new byte[8192];
            for (var n = fromServer.read(buffer); n >= 0; n = fromServer.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        }
    }

    /* Each piece goes out at once: a terminal gives lines. */
    private void sendAll(InputStream in) {
        try {
            var buffer = new byte[8192];
            for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                send(buffer, n);
            }
            session.shutdownOutput();
        } catch (IOException e) {
            return; // the other direction ends, too, and says why
        }
    }

    private void interrupt() {
        try {
            send(new byte[] {CTRL_C}, 1);
        } catch (IOException e) {
            return; // as above
        }
    }

    private synchronized void send(byte[] bytes, int length) throws IOException {
        session.getOutputStream().write(bytes, 0, length);
    }
}
