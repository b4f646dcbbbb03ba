package evy.internal.poll;

import evy.internal.os.Platform;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Descriptor numbers and epoll, by system call. */
final class EpollBackend implements Backend {
    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public @Nullable String unavailable() {
        String reason = Platform.unavailable();
        return reason == null ? null : "hub 'epoll': " + reason + ", or use -Devy.hub=nio";
    }

    @Override
    public Poller openPoller() throws IOException {
        return EpollPoller.open();
    }

    @Override
    public NonBlockingSocket openSocket(boolean listening) throws IOException {
        return LinuxSocket.open(listening);
    }

    @Override
    public UnixSocket openUnixSocket(boolean listening) throws IOException {
        return LinuxUnixSocket.openUnix(listening);
    }

    @Override
    public UnixSocket[] openUnixPair() throws IOException {
        return LinuxUnixSocket.openPair();
    }

    @Override
    public NonBlockingDatagram openDatagram() throws IOException {
        return LinuxDatagram.open();
    }

    @Override
    public String toString() {
        return name();
    }
}
