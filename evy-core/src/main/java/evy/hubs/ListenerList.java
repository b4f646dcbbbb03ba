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

    /** Adds those who still wait to a list. */
    void addLiveTo(List<? super Listener> all) {
        for (Listener l = first; l != null; l = l.next) {
            if (l.isLive()) {
                all.add(l);
            }
        }
    }

    boolean isAwaitedBy(Waiter waiter) {
        for (Listener l = first; l != null; l = l.next) {
            if (l.isFor(waiter)) {
                return true;
            }
        }
        return false;
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
     * Those who are to be told now, the oldest first; who listened for one time is taken out.
     *
     * @param last true to take out all: there will be nothing more to tell
     */
    List<Listener> due(boolean last) {
        Listener only = first;
        if (only == null) {
            return List.of();
        }
        if (only.next == null) {
            takeOut(only, last);
            return List.of(only);
        }
        List<Listener> all = new ArrayList<>();
        for (Listener l = only; l != null; l = l.next) {
            all.add(l);
        }
        for (Listener l : all) {
            takeOut(l, last);
        }
        return all;
    }

    private void takeOut(Listener listener, boolean last) {
        if (last || !listener.isLasting()) {
            remove(listener);
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
