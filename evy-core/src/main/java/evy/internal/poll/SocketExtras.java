package evy.internal.poll;

import java.net.SocketOption;

/** Socket options that {@link java.net.StandardSocketOptions} lacks. */
public final class SocketExtras {
    /** Whether urgent data arrives among the other data rather than being dropped. */
    public static final SocketOption<Boolean> OOB_INLINE = new Flag("SO_OOBINLINE");

    private record Flag(String name) implements SocketOption<Boolean> {
        @Override
        public Class<Boolean> type() {
            return Boolean.class;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private SocketExtras() {}
}
