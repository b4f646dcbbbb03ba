package evy.internal.vthread;

/** The platform thread under the current thread. */
public final class Carrier {
    private Carrier() {}

    /**
     * The thread that carries the current one: a hub's, under a green thread. Costs a field read.
     */
    public static Thread current() {
        return VirtualThreads.currentCarrier();
    }
}
