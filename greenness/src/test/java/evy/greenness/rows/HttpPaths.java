package evy.greenness.rows;

import java.net.InetSocketAddress;
import java.net.URI;

/** Addresses of the peer that speaks HTTP. */
final class HttpPaths {
    private HttpPaths() {}

    /** {@return what a question's text is resolved against} */
    static URI root(InetSocketAddress peer) {
        return URI.create("http://" + peer.getHostString() + ":" + peer.getPort() + "/");
    }
}
