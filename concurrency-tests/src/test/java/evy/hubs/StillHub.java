package evy.hubs;

import evy.internal.poll.Backend;
import evy.internal.poll.Poller;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * A hub whose thread was not started, so that a proof can take its steps one by one, on threads of
 * its own. The steps are the real ones: this reaches into {@link Hub}, it copies nothing.
 */
final class StillHub {
    private static final MethodHandle NEW;
    private static final MethodHandle POLL;

    static {
        try {
            var lookup = MethodHandles.privateLookupIn(Hub.class, MethodHandles.lookup());
            var made =
                    MethodType.methodType(
                            void.class, HubOptions.class, Backend.class, Poller.class);
            NEW = lookup.findConstructor(Hub.class, made);
            POLL = lookup.findVirtual(Hub.class, "poll", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final HubOptions OPTIONS = HubOptions.DEFAULT.named("still");

    private final Hub hub;

    StillHub(NotingPoller poller) {
        hub = made(poller, poller);
    }

    /** A hub that has the given poller and a thread that has yet to be started. */
    static Hub made(Backend backend, Poller poller) {
        try {
            return (Hub) NEW.invokeExact(OPTIONS, backend, poller);
        } catch (Throwable t) {
            throw new LinkageError("Hub's constructor", t);
        }
    }

    /** The last step of a turn; it ends when the hub has come out of its sleep, or not come out. */
    void poll() {
        try {
            POLL.invokeExact(hub);
        } catch (Throwable t) {
            if (t != NotingPoller.ASLEEP) {
                throw new AssertionError("Hub.poll", t);
            }
        }
    }

    void submit(Task task) {
        hub.submit(task);
    }
}
