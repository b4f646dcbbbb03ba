package evy.jsr166;

import evy.sync.GreenLifoQueue;
import evy.sync.GreenPriorityQueue;
import evy.sync.GreenQueue;
import evy.sync.LightQueue;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;

/** The queues a contract is tried on; the JDK's show that the contract is stated as it is there. */
enum QueueKind {
    LIGHT,
    GREEN,
    GREEN_LIFO,
    GREEN_PRIORITY,
    JDK_LINKED,
    JDK_DEQUE,
    JDK_PRIORITY,
    JDK_SYNCHRONOUS;

    static final int UNBOUNDED = -1;

    /** A kind and a side. */
    record Case(QueueKind kind, Side side) {}

    static Stream<Case> bounded() {
        return cases(LIGHT, GREEN, GREEN_LIFO, GREEN_PRIORITY, JDK_LINKED, JDK_DEQUE);
    }

    static Stream<Case> unbounded() {
        return cases(LIGHT, GREEN, GREEN_LIFO, GREEN_PRIORITY, JDK_LINKED, JDK_PRIORITY);
    }

    static Stream<Case> rendezvous() {
        return cases(LIGHT, GREEN, GREEN_LIFO, GREEN_PRIORITY, JDK_SYNCHRONOUS);
    }

    private static Stream<Case> cases(QueueKind... kinds) {
        return Stream.of(kinds)
                .flatMap(kind -> Stream.of(Side.values()).map(side -> new Case(kind, side)));
    }

    boolean isOurs() {
        return !name().startsWith("JDK");
    }

    boolean isPriority() {
        return this == GREEN_PRIORITY || this == JDK_PRIORITY;
    }

    boolean isLifo() {
        return this == GREEN_LIFO;
    }

    <E> BlockingQueue<E> make(int capacity) {
        boolean bounded = capacity != UNBOUNDED;
        return switch (this) {
            case LIGHT -> new LightQueue<>(capacity);
            case GREEN -> new GreenQueue<>(capacity);
            case GREEN_LIFO -> new GreenLifoQueue<>(capacity);
            case GREEN_PRIORITY -> new GreenPriorityQueue<>(capacity);
            case JDK_LINKED -> new LinkedBlockingQueue<>(bounded ? capacity : Integer.MAX_VALUE);
            case JDK_DEQUE -> new LinkedBlockingDeque<>(bounded ? capacity : Integer.MAX_VALUE);
            case JDK_PRIORITY -> new PriorityBlockingQueue<>();
            case JDK_SYNCHRONOUS -> new SynchronousQueue<>(true);
        };
    }

    /** The order in which elements come out that were put in ascending order. */
    <E> List<E> outOf(List<E> ascending) {
        return isLifo() ? ascending.reversed() : ascending;
    }

    static <T> List<T> none() {
        return Collections.emptyList();
    }
}
