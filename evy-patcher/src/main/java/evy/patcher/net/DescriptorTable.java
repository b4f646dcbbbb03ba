package evy.patcher.net;

import evy.hubs.Descriptor;
import evy.hubs.Hub;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The JDK's descriptors that somebody on a hub has waited for, by their numbers.
 *
 * <p>An entry stays while the number means the same, so that the poller is told of it once. It is
 * replaced when the hub that polls it closes.
 *
 * @thread all methods any
 */
/* Two levels, made as needed: entries never move, so reading takes no lock. */
final class DescriptorTable {
    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;

    /** Numbers it has room for; the system's own limit is lower by default. */
    private static final int CAPACITY = CHUNK * CHUNK;

    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Descriptor>>
            chunks = new AtomicReferenceArray<>(CHUNK);

    /**
     * The descriptor of a number, at home on the given hub if it is new.
     *
     * @param hub the current hub, which polls numbers
     * @return null if the number is too large
     */
    @Nullable Descriptor obtain(int fd, Hub hub) {
        if (fd < 0 || fd >= CAPACITY) {
            return null;
        }
        AtomicReferenceArray<@Nullable Descriptor> chunk = chunk(fd);
        int index = fd & (CHUNK - 1);
        while (true) {
            Descriptor known = chunk.get(index);
            if (known != null && isUsable(known, hub)) {
                return known;
            }
            Descriptor made = Descriptor.of(fd, () -> {}); // the JDK closes the number
            made.allowSharing(true); // the JDK has rules of its own
            if (chunk.compareAndSet(index, known, made)) {
                return made;
            }
        }
    }

    private static boolean isUsable(Descriptor known, Hub hub) {
        return !known.isClosed() && (known.home() == hub || !known.home().isClosing());
    }

    private AtomicReferenceArray<@Nullable Descriptor> chunk(int fd) {
        int index = fd >> CHUNK_BITS;
        AtomicReferenceArray<@Nullable Descriptor> chunk = chunks.get(index);
        if (chunk != null) {
            return chunk;
        }
        AtomicReferenceArray<@Nullable Descriptor> made = new AtomicReferenceArray<>(CHUNK);
        AtomicReferenceArray<@Nullable Descriptor> other =
                chunks.compareAndExchange(index, null, made);
        return other == null ? made : other;
    }

    /**
     * Forgets a number.
     *
     * @return what it had; null if nobody has waited for it
     */
    @Nullable Descriptor remove(int fd) {
        if (fd < 0 || fd >= CAPACITY) {
            return null;
        }
        AtomicReferenceArray<@Nullable Descriptor> chunk = chunks.get(fd >> CHUNK_BITS);
        int index = fd & (CHUNK - 1);
        return chunk == null || chunk.get(index) == null ? null : chunk.getAndSet(index, null);
    }
}
