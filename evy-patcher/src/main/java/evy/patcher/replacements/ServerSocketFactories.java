package evy.patcher.replacements;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import javax.net.ServerSocketFactory;

/** The default {@link ServerSocketFactory}, over {@link ServerSockets}. */
public final class ServerSocketFactories {
    private static final ServerSocketFactory DEFAULT = new Default();

    private ServerSocketFactories() {}

    /**
     * As {@link ServerSocketFactory#getDefault}.
     *
     * @return see there
     */
    public static ServerSocketFactory getDefault() {
        return DEFAULT;
    }

    /** Decides for each socket. */
    private static final class Default extends ServerSocketFactory {
        @Override
        public ServerSocket createServerSocket() throws IOException {
            return ServerSockets.construct();
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return ServerSockets.construct(port);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return ServerSockets.construct(port, backlog);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
                throws IOException {
            return ServerSockets.construct(port, backlog, address);
        }
    }
}
