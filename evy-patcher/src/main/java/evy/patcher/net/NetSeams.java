package evy.patcher.net;

import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Patch;
import evy.patcher.weave.Seam;

import java.util.List;

/** The places where the JDK's networking blocks a virtual thread: all in {@code sun.nio.ch}. */
public final class NetSeams {
    private static final String POLLER = "sun.nio.ch.Poller";
    private static final HubPoller HOOK = new HubPoller();
    private static final PinnedWaits PINNED = new PinnedWaits();

    /* Under a class initialiser the hub's thread is kept from polling for whoever waits there. */
    private static final Patch PINNED_PARK =
            Patch.of("java.lang.VirtualThread", "parkOnCarrierThread", "(ZJ)V", "parkPinned");

    private NetSeams() {}

    /** {@return the seams of sockets, datagrams and NIO pipes} */
    public static List<Seam> sockets() {
        return List.of(
                new Seam(
                        "socket waits",
                        List.of(
                                Patch.ofStatic(
                                        POLLER,
                                        "poll",
                                        "(IIJLjava/util/function/BooleanSupplier;)V",
                                        "poll"),
                                Patch.of(
                                        "java.nio.channels.spi.AbstractInterruptibleChannel",
                                        "begin",
                                        "()V",
                                        "check"),
                                Patch.ofStatic(POLLER, "stopPoll", "(II)V", "stopping"),
                                Patch.of(
                                        "sun.nio.ch.UnixDispatcher",
                                        "close",
                                        "(Ljava/io/FileDescriptor;)V",
                                        "closing"),
                                Patch.of(
                                        "sun.nio.ch.DatagramDispatcher",
                                        "dup",
                                        "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;)V",
                                        "replacing"),
                                PINNED_PARK),
                        () -> {
                            Bridge.pins = PINNED;
                            Bridge.closings = HOOK;
                            Bridge.checkpoints = HOOK;
                            Bridge.polls = HOOK;
                        },
                        "sockets, datagrams and pipes wait on the hub; not on hubs of kind nio"));
    }

    /** {@return the seams of selectors} */
    public static List<Seam> selectors() {
        return List.of(
                new Seam(
                        "selector waits",
                        List.of(
                                Patch.ofStatic(POLLER, "pollSelector", "(IJ)V", "select"),
                                Patch.of(
                                        "sun.nio.ch.SelectorImpl",
                                        "lockAndDoSelect",
                                        "(Ljava/util/function/Consumer;J)I",
                                        "check"),
                                PINNED_PARK),
                        () -> {
                            Bridge.pins = PINNED;
                            Bridge.checkpoints = HOOK;
                            Bridge.selects = HOOK;
                        },
                        "selectors wait on the hub; not on hubs of kind nio"));
    }
}
