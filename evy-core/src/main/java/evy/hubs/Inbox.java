package evy.hubs;

import evy.internal.util.Fields;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What other threads hand to a hub: any thread pushes, the hub's thread takes all at once.
 *
 * <p>A stack (Treiber) whose order is turned round on the way out, so that each sender's tasks come
 * out in the order they went in. The hub takes the whole stack by one swap, which is why a task may
 * come back and be pushed again without an ABA problem: no pop ever compares.
 */
final class Inbox {
    private static final VarHandle HEAD = Fields.handle(MethodHandles.lookup(), "head", Task.class);

    private volatile @Nullable Task head;

    void push(Task task) {
        Task top;
        do {
            top = head;
            task.next = top;
        } while (!HEAD.compareAndSet(this, top, task));
    }

    boolean isEmpty() {
        return head == null;
    }

    /** Takes everything, oldest first, linked by {@code next}. Hub thread only. */
    @Nullable Task takeAll() {
        if (head == null) {
            return null;
        }
        Task newest = (Task) HEAD.getAndSet(this, null);
        Task oldestFirst = null;
        while (newest != null) {
            Task following = newest.next;
            newest.next = oldestFirst;
            oldestFirst = newest;
            newest = following;
        }
        return oldestFirst;
    }
}
