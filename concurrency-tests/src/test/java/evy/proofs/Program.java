package evy.proofs;

/** A few threads that run at the same time, for model checking. */
public final class Program {
    private Program() {}

    /** Runs each body in a thread of its own and waits for all. */
    public static void run(Body... bodies) {
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            Body body = bodies[i];
            threads[i] = new Thread(() -> runUnchecked(body));
            threads[i].start();
        }
        for (Thread thread : threads) {
            join(thread);
        }
    }

    /* The checker sees a join only where it is called by name. */
    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void runUnchecked(Body body) {
        try {
            body.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Fails unless two numbers are equal. Fewer steps to check than an assertion library's. */
    public static void assertSame(int expected, int actual) {
        if (expected != actual) {
            throw new AssertionError("expected " + expected + ": " + actual);
        }
    }

    /** What one thread does. */
    public interface Body {
        void run() throws Exception;
    }
}
