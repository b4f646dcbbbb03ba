package evy.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class InboxTest {
    private static final int PRODUCERS = 4;
    private static final int TASKS = 20_000;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static final class Numbered extends Task {
        private final int producer;
        private final int number;

        Numbered(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }

        @Override
        void run(HubThread thread) {
            throw new AssertionError("not run here");
        }
    }

    private static List<Task> listOf(Task first) {
        var all = new ArrayList<Task>();
        for (Task task = first; task != null; task = task.next) {
            all.add(task);
        }
        return all;
    }

    @Test
    void takeAll_empty_isNull() {
        var inbox = new Inbox();

        assertThat(inbox.isEmpty()).isTrue();
        assertThat(inbox.takeAll()).isNull();
    }

    @Test
    void takeAll_severalTasks_oldestFirst() {
        var inbox = new Inbox();
        var first = new Numbered(0, 1);
        var second = new Numbered(0, 2);
        var third = new Numbered(0, 3);
        inbox.push(first);
        inbox.push(second);
        inbox.push(third);
        assertThat(inbox.isEmpty()).isFalse();

        assertThat(listOf(inbox.takeAll())).containsExactly(first, second, third);

        assertThat(inbox.isEmpty()).isTrue();
        assertThat(inbox.takeAll()).isNull();
    }

    @Test
    void push_takenTask_comesAgain() {
        var inbox = new Inbox();
        var first = new Numbered(0, 1);
        var second = new Numbered(0, 2);
        inbox.push(first);
        inbox.push(second);
        assertThat(inbox.takeAll()).isSameAs(first);

        inbox.push(second);
        inbox.push(first);

        assertThat(listOf(inbox.takeAll())).containsExactly(second, first);
    }

    @Test
    void push_severalThreads_losesNoneAndKeepsEachOnesOrder() throws InterruptedException {
        var inbox = new Inbox();
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int p = 0; p < PRODUCERS; p++) {
            int producer = p;
            var thread = new Thread(() -> produce(inbox, producer, start));
            thread.start();
            threads.add(thread);
        }
        start.countDown();

        int[] next = new int[PRODUCERS];
        int taken = 0;
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (taken < PRODUCERS * TASKS && System.nanoTime() - end < 0) {
            for (Task task = inbox.takeAll(); task != null; task = task.next) {
                var numbered = (Numbered) task;
                assertThat(numbered.number).isEqualTo(next[numbered.producer]++);
                taken++;
            }
        }

        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).isEqualTo(PRODUCERS * TASKS);
        assertThat(next).containsOnly(TASKS);
        assertThat(inbox.isEmpty()).isTrue();
    }

    private static void produce(Inbox inbox, int producer, CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < TASKS; i++) {
            inbox.push(new Numbered(producer, i));
            if (i % 64 == 0) {
                Thread.yield();
            }
        }
    }

    @Test
    void push_tasksThatComeBack_areNeitherLostNorDoubled() throws InterruptedException {
        // each task returns as soon as it was taken, as a green thread does that is woken again
        var inbox = new Inbox();
        var back = new Inbox();
        int tasks = 8;
        int rounds = 50_000;
        for (int i = 0; i < tasks; i++) {
            inbox.push(new Numbered(0, i));
        }
        var thread = new Thread(() -> passOn(back, inbox, tasks, rounds));
        thread.start();

        int seen = passOn(inbox, back, tasks, rounds);

        thread.join();
        var left = listOf(inbox.takeAll());
        left.addAll(listOf(back.takeAll()));
        assertThat(seen).isGreaterThanOrEqualTo(rounds);
        assertThat(left).hasSize(tasks).doesNotHaveDuplicates();
    }

    private static int passOn(Inbox from, Inbox to, int tasks, int rounds) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        int passed = 0;
        while (passed < rounds && System.nanoTime() - end < 0) {
            int atOnce = 0;
            Task task = from.takeAll();
            while (task != null) {
                Task following = task.next;
                to.push(task);
                passed++;
                atOnce++;
                task = following;
            }
            assertThat(atOnce).isLessThanOrEqualTo(tasks);
            if (atOnce == 0) {
                Thread.yield();
            }
        }
        return passed;
    }
}
