package evy.hubs;

import evy.internal.os.Scratch;
import evy.internal.os.ScratchHolder;

import org.jspecify.annotations.Nullable;

/** The platform thread of a hub. */
final class HubThread extends Thread implements ScratchHolder {
    final Hub hub;

    /* Whose continuation is mounted; null between two and in callbacks. This thread only. */
    @Nullable Greenlet current;

    /* The mount of whoever ran last. This thread only. */
    Greenlet.@Nullable Origin mount;

    /* Is told of each switch; null as a rule. This thread only. */
    @Nullable SwitchObserver observer;

    /** Calls that it has made in one go and that might have had to wait; see {@code countCall}. */
    int calls;

    private final Scratch scratch = new Scratch();

    HubThread(Hub hub, String name) {
        super(null, null, name, 0, false);
        this.hub = hub;
        setDaemon(true);
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }

    @Override
    public void run() {
        hub.loop();
    }
}
