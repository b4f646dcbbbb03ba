package evy.io;

import java.net.InetSocketAddress;

/** A datagram that {@link GreenDatagramSocket#recvFrom} received. */
public final class Datagram {
    private final byte[] data;
    private final InetSocketAddress sender;

    Datagram(byte[] data, InetSocketAddress sender) {
        this.data = data;
        this.sender = sender;
    }

    /** {@return its bytes; the array is the caller's} */
    public byte[] data() {
        return data;
    }

    /** {@return who sent it} */
    public InetSocketAddress sender() {
        return sender;
    }

    @Override
    public String toString() {
        return "Datagram[" + data.length + " bytes from " + sender + "]";
    }
}
