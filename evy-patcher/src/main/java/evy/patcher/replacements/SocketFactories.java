package evy.patcher.replacements;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

import javax.net.SocketFactory;

/** The default {@link SocketFactory}, over {@link Sockets}. */
public final class SocketFactories {
    private static final SocketFactory DEFAULT = new Default();

    private SocketFactories() {}

    /**
     * As {@link SocketFactory#getDefault}.
     *
     * @return see there
     */
    public static SocketFactory getDefault() {
        return DEFAULT;
    }

    /** Decides for each socket. */
    private static final class Default extends SocketFactory {
        @Override
        public Socket createSocket() {
            return Sockets.construct();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return Sockets.construct(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort)
                throws IOException {
            return Sockets.construct(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return Sockets.construct(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
                throws IOException {
            return Sockets.construct(host, port, local, localPort);
        }
    }
}
