package evy.benchmarks;

import com.softwaremill.jox.Channel;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** What elements go through from one thread to another. */
interface Pipe {
    void fill(int elements) throws InterruptedException;

    void drain(int elements) throws InterruptedException;

    /** Fills on the current thread and drains on a new one. */
    default Void runOn(Thread.Builder kind, int elements) throws InterruptedException {
        var consumer =
                kind.start(
                        () -> {
                            try {
                                drain(elements);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        fill(elements);
        consumer.join();
        return null;
    }

    static Pipe ofJdk(int capacity) {
        return of(capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity));
    }

    static Pipe ofJdkLinked(int capacity) {
        return of(new LinkedBlockingQueue<>(capacity));
    }

    static Pipe of(BlockingQueue<Integer> queue) {
        return new Pipe() {
            @Override
            public void fill(int elements) throws InterruptedException {
                for (int i = 0; i < elements; i++) {
                    queue.put(i);
                }
            }

            @Override
            public void drain(int elements) throws InterruptedException {
                for (int i = 0; i < elements; i++) {
                    check(i, queue.take());
                }
            }
        };
    }

    static Pipe ofJox(int capacity) {
        Channel<Integer> channel =
                capacity == 0
                        ? Channel.newRendezvousChannel()
                        : Channel.newBufferedChannel(capacity);
        return new Pipe() {
            @Override
            public void fill(int elements) throws InterruptedException {
                for (int i = 0; i < elements; i++) {
                    channel.send(i);
                }
            }

            @Override
            public void drain(int elements) throws InterruptedException {
                for (int i = 0; i < elements; i++) {
                    check(i, channel.receive());
                }
            }
        };
    }

    private static void check(int expected, int element) {
        if (element != expected) {
            throw new IllegalStateException("expected " + expected + ", got " + element);
        }
    }
}
