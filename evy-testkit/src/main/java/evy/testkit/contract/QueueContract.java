package evy.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evy.GreenThreadExit;
import evy.sync.QueueClosedException;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/**
 * What holds for every queue whose puts and takes wait, beside {@link HandOverContract} for each of
 * its sides: bounds, order, hand-over without room, resizing, closing; and that what goes in comes
 * out once.
 */
@ExtendWith(LeakCheckExtension.class)
public abstract class QueueContract {
    /** Size of a queue without a bound. */
    protected static final int UNBOUNDED = -1;

    private static final int[] SIZES = {UNBOUNDED, 0, 1, 7};
    private static final int EACH = 150;

    /** For subclasses. */
    protected QueueContract() {}

    /**
     * Makes a queue to be tested.
     *
     * @param maxSize most elements, 0 to hand over only, negative for no bound
     * @return a new, empty one
     */
    protected abstract Subject open(int maxSize);

    /**
     * Says in which order elements come out that were put one after the other.
     *
     * @param put the elements as they were put
     * @return the same as they are taken
     */
    protected abstract List<Integer> inOrder(List<Integer> put);

    /**
     * A queue to be tested.
     *
     * @param queue the queue
     * @param close closes it
     * @param resize changes its bound
     * @param getting how many wait to take
     * @param putting how many wait to put
     */
    public record Subject(
            BlockingQueue<Integer> queue,
            Runnable close,
            IntConsumer resize,
            IntSupplier getting,
            IntSupplier putting) {
        void untilGetting(int count) {
            Partners.until(count + " wait to take", () -> getting.getAsInt() == count);
        }

        void untilPutting(int count) {
            Partners.until(count + " wait to put", () -> putting.getAsInt() == count);
        }

        Partner putter(Partners partners, int element) {
            return partners.start(
                    () -> {
                        queue.put(element);
                        return true;
                    });
        }
    }

    /** A queue without a bound, however that is said, takes all without waiting, in its order. */
    @EachOrigin
    @Spec({"Q1", "Q16"})
    void put_unbounded_neverWaitsAndKeepsOrder(Partners partners) throws Exception {
        for (int maxSize : new int[] {-1, Integer.MIN_VALUE}) {
            Subject s = open(maxSize);
            List<Integer> elements = List.of(3, 1, 2, 5, 4, 6, 0);

            for (int e : elements) {
                assertTrue(s.queue.offer(e));
            }

            assertEquals(elements.size(), s.queue.size());
            assertEquals(Integer.MAX_VALUE, s.queue.remainingCapacity());
            Partner taker =
                    partners.start(
                            () -> {
                                List<Integer> taken = new ArrayList<>();
                                for (int i = 0; i < elements.size(); i++) {
                                    taken.add(s.queue.take());
                                }
                                return taken;
                            });
            assertEquals(inOrder(elements), taker.result());
            assertTrue(s.queue.isEmpty());
        }
    }

    /** The put beyond the bound waits; each take lets the first of those who wait in. */
    @EachOrigin
    @Spec({"Q1", "Q3", "Q9"})
    void put_full_waitsForRoom(Partners partners) throws Exception {
        Subject s = open(2);
        s.queue.put(1);
        s.queue.put(2);

        assertFalse(s.queue.offer(9));
        assertEquals(0, s.queue.remainingCapacity());
        Partner third = s.putter(partners, 3);
        s.untilPutting(1);
        Partner fourth = s.putter(partners, 4);
        s.untilPutting(2);
        List<Integer> taken = new ArrayList<>();
        taken.add(s.queue.take());

        assertEquals(true, third.result());
        assertFalse(fourth.isDone());
        assertEquals(1, s.putting.getAsInt());
        assertEquals(2, s.queue.size());
        taken.add(s.queue.take());
        assertEquals(true, fourth.result());
        assertEquals(2, s.queue.drainTo(taken));
        taken.sort(null);
        assertEquals(List.of(1, 2, 3, 4), taken);
    }

    /** Size 0: always empty and always full, and a put is over when its element is taken. */
    @EachOrigin
    @Spec({"Q1", "Q2", "Q10", "Q11"})
    void put_sizeZero_meetsTake(Partners partners) throws Exception {
        Subject s = open(0);

        assertFalse(s.queue.offer(9));
        assertNull(s.queue.poll());
        Partner putter = s.putter(partners, 1);
        s.untilPutting(1);
        assertTrue(s.queue.isEmpty());
        assertEquals(0, s.queue.size());
        assertEquals(0, s.queue.remainingCapacity());
        assertNull(s.queue.peek());
        assertFalse(putter.isDone());
        assertEquals(1, s.queue.poll());
        assertEquals(true, putter.result());

        Partner taker = partners.start(s.queue::take);
        s.untilGetting(1);
        assertTrue(s.queue.offer(2));
        assertFalse(s.queue.offer(3), "the only taker has its element already");
        assertEquals(2, taker.result());
        assertNull(s.queue.poll());
    }

    /** A put that is not over, for whatever reason, has put nothing. */
    @EachOrigin
    @Spec({"Q4", "Q5", "Q8"})
    void put_tornOrTimedOut_leavesNothing(Partners partners) throws Exception {
        for (int maxSize : new int[] {0, 1}) {
            Subject s = open(maxSize);
            for (int i = 0; i < maxSize; i++) {
                s.queue.put(0);
            }

            Partner late = partners.start(() -> s.queue.offer(1, 2, TimeUnit.MILLISECONDS));
            assertEquals(false, late.result());
            for (Tear tear : Tear.values()) {
                Partner torn = s.putter(partners, 2);
                s.untilPutting(1);
                Throwable expected = tear.tear(torn);
                Throwable thrown = torn.thrown();
                assertTrue(thrown != null && Tear.isSame(expected, thrown));
            }

            List<Integer> left = new ArrayList<>();
            assertEquals(maxSize, s.queue.drainTo(left));
            assertFalse(left.contains(1));
            assertFalse(left.contains(2));
            assertNull(s.queue.poll());
            assertEquals(0, s.putting.getAsInt());
        }
    }

    /** Torn takers are passed over: what is put goes to those who are alive. */
    @EachOrigin
    @Spec({"Q8", "Q12"})
    void offer_someTakersTorn_reachesTheOthers(Partners partners) {
        Subject s = open(0);
        List<Partner> good = new ArrayList<>();
        List<Partner> dying = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            dying.add(partners.start(s.queue::take));
            s.untilGetting(2 * i + 1);
            good.add(partners.start(s.queue::take));
            s.untilGetting(2 * i + 2);
        }

        dying.forEach(partner -> partner.raise(new GreenThreadExit()));
        if (partners.origin() != Origin.OWN_HUB) {
            dying.forEach(Partner::thrown); // elsewhere the kill is under way only
        }
        for (int i = 0; i < 10; i++) {
            assertTrue(s.queue.offer(i));
        }

        for (int i = 0; i < 10; i++) {
            assertEquals(i, good.get(i).result());
        }
        dying.forEach(p -> assertInstanceOf(GreenThreadExit.class, p.thrown()));
        assertFalse(s.queue.offer(10));
    }

    /** More room lets in as many as there is room for, in their order. */
    @EachOrigin
    @Spec("Q6")
    void resize_larger_letsPuttersIn(Partners partners) {
        for (int larger : new int[] {3, UNBOUNDED}) {
            Subject s = open(1);
            assertTrue(s.queue.offer(1));
            List<Partner> putters = new ArrayList<>();
            for (int i = 2; i <= 4; i++) {
                putters.add(s.putter(partners, i));
                s.untilPutting(i - 1);
            }

            s.resize.accept(larger);

            assertEquals(true, putters.get(0).result());
            assertEquals(true, putters.get(1).result());
            assertEquals(larger < 0, s.queue.offer(5));
            if (larger < 0) {
                assertEquals(true, putters.get(2).result());
            } else {
                assertEquals(1, s.putting.getAsInt());
                assertFalse(putters.get(2).isDone());
            }
            s.close.run();
        }
    }

    /** Less room keeps what is there; the next put waits until enough is taken. */
    @EachOrigin
    @Spec("Q6")
    void resize_smaller_keepsElements(Partners partners) throws Exception {
        for (int smaller : new int[] {1, 0}) {
            Subject s = open(5);
            for (int i = 0; i < 5; i++) {
                s.queue.put(i);
            }

            s.resize.accept(smaller);
            Partner putter = s.putter(partners, 5);
            s.untilPutting(1);

            assertEquals(5, s.queue.size());
            assertEquals(0, s.queue.remainingCapacity());
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                if (s.queue.size() >= smaller + 1) {
                    assertEquals(1, s.putting.getAsInt(), "still too many");
                }
                taken.add(s.queue.take());
            }
            if (smaller == 0) {
                assertFalse(putter.isDone());
            }
            taken.add(s.queue.take());
            assertEquals(true, putter.result());
            taken.sort(null);
            assertEquals(List.of(0, 1, 2, 3, 4, 5), taken);
        }
    }

    /** Whatever makes room, those who wait to put get it. */
    @EachOrigin
    @Spec("Q6")
    void remove_puttersWaiting_letsThemIn(Partners partners) {
        List<Consumer<BlockingQueue<Integer>>> ways =
                List.of(
                        BlockingQueue::clear,
                        queue -> assertTrue(queue.remove((Object) 1)),
                        queue -> assertTrue(queue.removeIf(e -> e == 1)),
                        queue -> assertTrue(queue.removeAll(List.of(1))),
                        queue -> assertTrue(queue.retainAll(List.of(7))),
                        queue -> assertEquals(1, queue.remove()),
                        queue -> assertEquals(1, queue.drainTo(new ArrayList<>(), 1)),
                        queue -> {
                            var elements = queue.iterator();
                            assertEquals(1, elements.next());
                            elements.remove();
                        });
        for (var way : ways) {
            Subject s = open(1);
            assertTrue(s.queue.offer(1));
            Partner putter = s.putter(partners, 2);
            s.untilPutting(1);

            way.accept(s.queue);

            assertEquals(true, putter.result());
            assertEquals(2, s.queue.poll());
            assertEquals(0, s.putting.getAsInt());
        }
    }

    /** Closing refuses those who wait to take: nothing can come. */
    @EachOrigin
    @Spec("Q9")
    void close_takersWaiting_refusesThem(Partners partners) {
        Subject s = open(1);
        Partner untimed = partners.start(s.queue::take);
        Partner timed = partners.start(() -> s.queue.poll(1, TimeUnit.HOURS));
        s.untilGetting(2);

        s.close.run();

        assertInstanceOf(QueueClosedException.class, untimed.thrown());
        assertInstanceOf(QueueClosedException.class, timed.thrown());
        assertEquals(0, s.getting.getAsInt());
        assertThrows(QueueClosedException.class, s.queue::take);
        assertThrows(QueueClosedException.class, () -> s.queue.poll(1, TimeUnit.HOURS));
        assertNull(s.queue.poll());
    }

    /** Closing refuses those who wait to put; what was in comes out, what was not does not. */
    @EachOrigin
    @Spec({"Q8", "Q9"})
    void close_puttersWaiting_refusesThemAndLetsTheRestOut(Partners partners) throws Exception {
        for (int maxSize : new int[] {0, 2}) {
            Subject s = open(maxSize);
            List<Integer> in = new ArrayList<>();
            for (int i = 0; i < maxSize; i++) {
                s.queue.put(i);
                in.add(i);
            }
            Partner untimed = s.putter(partners, 7);
            Partner timed = partners.start(() -> s.queue.offer(8, 1, TimeUnit.HOURS));
            s.untilPutting(2);

            s.close.run();
            s.close.run();

            assertInstanceOf(QueueClosedException.class, untimed.thrown());
            assertInstanceOf(QueueClosedException.class, timed.thrown());
            assertThrows(QueueClosedException.class, () -> s.queue.put(9));
            assertThrows(QueueClosedException.class, () -> s.queue.offer(9));
            assertThrows(QueueClosedException.class, () -> s.queue.add(9));
            s.resize.accept(UNBOUNDED);
            List<Integer> out = new ArrayList<>();
            for (int i = 0; i < maxSize; i++) {
                out.add(s.queue.take());
            }
            assertEquals(inOrder(in), out);
            assertThrows(QueueClosedException.class, s.queue::take);
        }
    }

    /** Refusals are those of {@code java.util}, so that code written for any queue copes. */
    @EachOrigin
    @Spec("Q18")
    void call_refused_throwsWhatCollectionsThrow(Partners partners) {
        Subject s = open(1);

        assertThrows(NoSuchElementException.class, s.queue::remove);
        assertThrows(NoSuchElementException.class, s.queue::element);
        assertTrue(s.queue.add(1));
        Partner partner = partners.start(() -> s.queue.add(2));

        Throwable full = assertInstanceOf(IllegalStateException.class, partner.thrown());
        assertSame(IllegalStateException.class, full.getClass(), "not the refusal of a closed one");
        assertThrows(NullPointerException.class, () -> s.queue.offer(null));
        assertThrows(NullPointerException.class, () -> s.queue.put(null));
        assertThrows(IllegalArgumentException.class, () -> s.queue.drainTo(s.queue));
        assertEquals(List.of(1), List.copyOf(s.queue));
    }

    /** Two put, two take: all that is put is taken, once. */
    @EachOrigin
    @Spec({"Q3", "Q7", "Q12"})
    void takeAndPut_fromEverywhere_losesNothing(Partners partners) {
        for (Origin takersFrom : Origin.values()) {
            for (int maxSize : SIZES) {
                Subject s = open(maxSize);
                List<Partner> takers = new ArrayList<>();
                List<Partner> putters = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    int first = i * EACH;
                    takers.add(partners.start(takersFrom, () -> takeAll(s.queue)));
                    putters.add(partners.start(() -> putAll(s.queue, first)));
                }
                putters.forEach(Partner::result);

                s.close.run();

                List<Object> taken = new ArrayList<>();
                for (Partner taker : takers) {
                    taken.addAll(assertInstanceOf(List.class, taker.result()));
                }
                taken.sort(null);
                List<Object> all = new ArrayList<>();
                for (int i = 0; i < 2 * EACH; i++) {
                    all.add(i);
                }
                assertEquals(all, taken, () -> "to " + takersFrom + " by size " + maxSize);
                assertEquals(0, s.getting.getAsInt() + s.putting.getAsInt());
            }
        }
    }

    private static boolean putAll(BlockingQueue<Integer> queue, int first) throws Exception {
        for (int i = 0; i < EACH; i++) {
            queue.put(first + i);
        }
        return true;
    }

    private static List<Integer> takeAll(BlockingQueue<Integer> queue) throws Exception {
        List<Integer> taken = new ArrayList<>();
        try {
            while (true) {
                taken.add(queue.take());
            }
        } catch (QueueClosedException end) {
            return taken;
        }
    }
}
