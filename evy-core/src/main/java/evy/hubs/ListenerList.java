package evy.hubs;

import org.jspecify.annotations.Nullable;

/**
 * Who listens for one direction of a descriptor, the oldest first. Guarded by the descriptor's
 * lock.
 */
final class ListenerList {
    private final Hub home;
    private final boolean reading;
    private @Nullable Listener first;

    ListenerList(Hub home, boolean reading) {
        this.home = home;
        this.reading = reading;
    }

    /** The oldest that still waits, or null. */
    @Nullable Listener firstLive() {
        Listener l = first;
        while (l != null && !l.isLive()) {
            l = l.next;
        }
        return l;
    }

    void add(Listener listener) {
        Listener last = first;
        if (last == null) {
            first = listener;
        } else {
            while (last.next != null) {
                last = last.next;
            }
            last.next = listener;
        }
        home.countListener(reading, 1);
    }

    void remove(Listener listener) {
        Listener before = null;
        for (Listener l = first; l != null; l = l.next) {
            if (l == listener) {
                unlink(before, l);
                return;
            }
            before = l;
        }
    }

    /**
     * Tells all, and takes out those that listened for one time. Nobody is told twice, and nobody
     * that another's callback cancelled meanwhile.
     */
    void tellAll() {
        Listener before = null;
        Listener l = first;
        while (l != null) {
            Listener following = l.next;
            if (l.isLasting()) {
                before = l;
            } else {
                unlink(before, l);
            }
            try {
                l.tell();
            } catch (Throwable t) {
                home.report(null, t);
            }
            l = following;
        }
    }

    private void unlink(@Nullable Listener before, Listener l) {
        if (before == null) {
            first = l.next;
        } else {
            before.next = l.next;
        }
        home.countListener(reading, -1);
    }
}
