package evy.hubs;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

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
     * Tells all, and takes out those that listened for one time. Nobody is told whom another's
     * callback cancelled meanwhile.
     *
     * @param last true to take out all: there will be nothing more to tell
     */
    void tellAll(boolean last) {
        Listener only = first;
        if (only == null) {
            return;
        }
        if (only.next == null) {
            tell(only, last);
            return;
        }
        // a copy: callbacks may add and remove
        List<Listener> all = new ArrayList<>();
        for (Listener l = only; l != null; l = l.next) {
            all.add(l);
        }
        for (Listener l : all) {
            tell(l, last);
        }
    }

    private void tell(Listener listener, boolean last) {
        if (last || !listener.isLasting()) {
            remove(listener);
        }
        try {
            listener.tell();
        } catch (Throwable t) {
            home.report(null, t);
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
