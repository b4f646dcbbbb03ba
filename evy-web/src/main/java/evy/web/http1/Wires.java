package evy.web.http1;

import evy.io.GreenSocket;
import evy.io.tls.GreenTlsSocket;

import java.io.IOException;
import java.net.Socket;

/** Finds the wire that goes with a socket. */
public final class Wires {
    private Wires() {}

    /**
     * The wire of a socket, which the caller leaves alone from now on.
     *
     * @param socket connected
     * @return the fastest there is
     * @throws IOException if it is closed
     */
    public static Wire of(Socket socket) throws IOException {
        return switch (socket) {
            case GreenSocket green -> new GreenWire(green);
            case GreenTlsSocket tls -> new TlsWire(tls);
            default -> new StreamWire(socket);
        };
    }
}
