package evy.web.websocket;

import evy.Evy;
import evy.io.SocketPair;
import evy.web.Headers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** A WebSocket and its peer on a pair of sockets, handshake done. */
final class Link implements AutoCloseable {
    final Rfc6455WebSocket ws;
    final Peer peer;

    private Link(Rfc6455WebSocket ws, Peer peer) {
        this.ws = ws;
        this.peer = peer;
    }

    static Link server() throws IOException {
        return server(WebSocketOptions.DEFAULT, null);
    }

    static Link server(WebSocketOptions options, @Nullable String offer) throws IOException {
        SocketPair pair = Evy.socketPair();
        DeflateAgreement agreed =
                offer == null
                        ? null
                        : DeflateAgreement.choose(Extension.parse(offer), options.compression());
        Opening opening = new Opening("/x?y", Headers.of("Origin", "o"), null, agreed);
        Transport transport = new Transport(pair.first(), new byte[0], options.idleTimeout());
        return new Link(
                new Rfc6455WebSocket(
                        transport, opening, options, FrameWriter.plain(transport::write)),
                new Peer(pair.second(), true));
    }

    static Link client() throws IOException {
        SocketPair pair = Evy.socketPair();
        Opening opening = new Opening("/", Headers.empty(), null, null);
        Transport transport = new Transport(pair.first(), new byte[0], Duration.ZERO);
        FrameWriter writer = FrameWriter.masking(transport::write, new Random(1));
        return new Link(
                new Rfc6455WebSocket(transport, opening, WebSocketOptions.DEFAULT, writer),
                new Peer(pair.second(), false));
    }

    @Override
    public void close() throws IOException {
        peer.close();
        ws.close();
    }
}
