package evy.internal.poll;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** The JDK's channels and selector: works wherever Java does. */
final class NioBackend implements Backend {
    @Override
    public String name() {
        return "nio";
    }

    @Override
    public @Nullable String unavailable() {
        return null;
    }

    @Override
    public Poller openPoller() throws IOException {
        return NioPoller.open();
    }

    @Override
    public NonBlockingSocket openSocket(boolean listening) throws IOException {
        return NioSocket.open(listening);
    }

    @Override
    public UnixSocket openUnixSocket(boolean listening) throws IOException {
        return NioUnixSocket.openUnix(listening);
    }

    @Override
    public UnixSocket[] openUnixPair() throws IOException {
        return NioUnixSocket.openPair();
    }

    @Override
    public NonBlockingDatagram openDatagram() throws IOException {
        return NioDatagram.open();
    }

    @Override
    public String toString() {
        return name();
    }
}
