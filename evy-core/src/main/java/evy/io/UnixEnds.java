package evy.io;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The two addresses of a Unix socket, for which {@link java.net.Socket} has no room: it hands down
 * internet addresses only. So it is given a stand-in, and the address meant waits here.
 */
final class UnixEnds {
    /** What {@code java.net} sees: this machine, no port. */
    static final InetSocketAddress STAND_IN =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final AtomicReference<@Nullable SocketAddress> meant = new AtomicReference<>();
    private volatile @Nullable SocketAddress local;
    private volatile @Nullable SocketAddress remote;

    void mean(SocketAddress address) {
        meant.set(address);
    }

    /**
     * The address that the stand-in is for.
     *
     * @throws SocketException if none is: the caller gave an internet address
     */
    SocketAddress takeMeant() throws SocketException {
        SocketAddress address = meant.getAndSet(null);
        if (address == null) {
            throw new SocketException("a Unix socket needs a Unix address");
        }
        return address;
    }

    @Nullable SocketAddress local() {
        return local;
    }

    void setLocal(@Nullable SocketAddress address) {
        local = address;
    }

    @Nullable SocketAddress remote() {
        return remote;
    }

    void setRemote(SocketAddress address) {
        remote = address;
    }

    @Override
    public String toString() {
        String from = local == null ? "" : "local=" + local;
        String to = remote == null ? "" : (from.isEmpty() ? "" : ",") + "remote=" + remote;
        return "[unix," + from + to + "]";
    }
}
