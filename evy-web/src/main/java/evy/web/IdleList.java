package evy.web;

import org.jspecify.annotations.Nullable;

/**
 * Connections that wait between two requests, those that have waited longest first. A list through
 * the connections themselves, as each joins and leaves it with every request.
 *
 * @thread the green threads of one hub
 */
final class IdleList {
    /** What can be in such a list, once. */
    abstract static class Entry {
        private @Nullable Entry before;
        private @Nullable Entry after;
    }

    private @Nullable Entry first;
    private @Nullable Entry last;

    /** The one that has waited longest; null if there is none. */
    @Nullable Entry first() {
        return first;
    }

    /** Puts it at the end; it must not be in the list. */
    void add(Entry entry) {
        entry.before = last;
        if (last == null) {
            first = entry;
        } else {
            last.after = entry;
        }
        last = entry;
    }

    /** Takes it out, if it is in the list. */
    void remove(Entry entry) {
        if (entry.before != null) {
            entry.before.after = entry.after;
        } else if (first == entry) {
            first = entry.after;
        }
        if (entry.after != null) {
            entry.after.before = entry.before;
        } else if (last == entry) {
            last = entry.before;
        }
        entry.before = null;
        entry.after = null;
    }
}
