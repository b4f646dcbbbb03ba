package evy.io;

import evy.internal.poll.UnixSocket;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A name of a Unix-domain socket in Linux's abstract namespace: no file stands for it, it ends with
 * its socket, and whoever shares the network namespace may connect to it. Paths are {@link
 * java.net.UnixDomainSocketAddress}es.
 *
 * @source unix(7), "abstract"
 */
public final class AbstractUnixAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    /** The name as the system has it, without the NUL before it. */
    private final byte[] name;

    private AbstractUnixAddress(byte[] name) {
        this.name = name;
    }

    /**
     * The address of a name.
     *
     * @param name encoded in UTF-8, not empty, at most 107 bytes; a NUL or {@code @} before it is
     *     no part of it and may be left out
     * @return the address
     * @throws IllegalArgumentException if the name is empty or too long; names it and its size
     */
    public static AbstractUnixAddress of(String name) {
        boolean marked = !name.isEmpty() && (name.charAt(0) == 0 || name.charAt(0) == '@');
        return of((marked ? name.substring(1) : name).getBytes(StandardCharsets.UTF_8));
    }

    /** The address of a name without the NUL before it. */
    static AbstractUnixAddress of(byte[] name) {
        AbstractUnixAddress address = new AbstractUnixAddress(name.clone());
        if (name.length == 0) {
            throw new IllegalArgumentException("abstract Unix name is empty");
        }
        int size = 1 + name.length;
        if (size > UnixSocket.MAX_ABSTRACT) {
            throw new IllegalArgumentException(
                    "abstract Unix name is longer than "
                            + UnixSocket.MAX_ABSTRACT
                            + " bytes with the NUL before it ("
                            + size
                            + "): "
                            + address);
        }
        return address;
    }

    /** {@return the name, without the NUL before it} */
    public String name() {
        return new String(name, StandardCharsets.UTF_8);
    }

    /** The name as the system wants it, with the NUL before it. */
    byte[] toBytes() {
        byte[] bytes = new byte[1 + name.length];
        System.arraycopy(name, 0, bytes, 1, name.length);
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AbstractUnixAddress that && Arrays.equals(name, that.name);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }

    /** {@return the name after an {@code @}, as {@code ss} and {@code netstat} write it} */
    @Override
    public String toString() {
        return "@" + name();
    }
}
