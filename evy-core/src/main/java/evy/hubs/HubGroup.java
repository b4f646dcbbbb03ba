package evy.hubs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several hubs, say one for each core. Green threads stay on the hub they were spawned on; work is
 * spread by spawning it on {@link #next}, or by a listener on each hub that shares the port.
 */
public final class HubGroup implements AutoCloseable, Iterable<Hub> {
    private final List<Hub> hubs;
    private final AtomicInteger turn = new AtomicInteger();

    private HubGroup(List<Hub> hubs) {
        this.hubs = List.copyOf(hubs);
    }

    /**
     * Opens a group of hubs with the usual options.
     *
     * @param size how many, at least 1
     * @return running hubs; close the group
     * @throws IllegalArgumentException if {@code size} is less than 1
     * @throws HubError if they cannot work here
     */
    public static HubGroup open(int size) {
        return open(size, HubOptions.DEFAULT);
    }

    /**
     * Opens a group of hubs. A name in the options gets a number behind it.
     *
     * @param size how many, at least 1
     * @param options for each of them
     * @return running hubs; close the group
     * @throws IllegalArgumentException if {@code size} is less than 1
     * @throws HubError if they cannot work here; those already open are closed
     */
    public static HubGroup open(int size, HubOptions options) {
        if (size < 1) {
            throw new IllegalArgumentException("a group needs at least 1 hub: " + size);
        }
        List<Hub> opened = new ArrayList<>(size);
        try {
            for (int i = 1; i <= size; i++) {
                String name = options.name();
                opened.add(Hub.open(name == null ? options : options.named(name + "-" + i)));
            }
        } catch (RuntimeException | Error e) {
            opened.forEach(Hub::close);
            throw e;
        }
        return new HubGroup(opened);
    }

    /** {@return the hubs, in the order they were opened} */
    public List<Hub> hubs() {
        return hubs;
    }

    /** {@return one of the hubs, each in its turn} */
    public Hub next() {
        return hubs.get(Math.floorMod(turn.getAndIncrement(), hubs.size()));
    }

    @Override
    public Iterator<Hub> iterator() {
        return hubs.iterator();
    }

    /**
     * Closes all the hubs and waits for their threads to end.
     *
     * @checkpoint always
     */
    @Override
    public void close() {
        hubs.forEach(Hub::shutdown);
        hubs.forEach(Hub::close);
    }
}
