package evy.internal.util;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

import java.util.concurrent.atomic.AtomicLong;

/** The twins of {@link SpinLockTest}. */
public class SpinLockBrokenTest {
    /** Looks whether it is free, and takes it by a write. */
    @JCStressTest
    @Outcome(id = "2, 4, 4", expect = ACCEPTABLE, desc = "The one, then the other.")
    @Outcome(id = "4, 2, 4", expect = ACCEPTABLE, desc = "The other, then the one.")
    @Outcome(expect = FORBIDDEN, desc = "Both at once, or one did not see the other.")
    @State
    public static class LooksThenTakes {
        private final Lock lock = new Lock();
        private int count;

        @Actor
        public void one(III_Result r) {
            r.r1 = countTwice();
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = countTwice();
        }

        private int countTwice() {
            lock.lock();
            countOnce();
            int counted = ++count; // after the re-entry
            lock.unlock();
            return counted;
        }

        private void countOnce() {
            lock.lock();
            count++;
            lock.unlock();
        }

        @Arbiter
        public void result(III_Result r) {
            r.r3 = count;
        }

        private static final class Lock {
            private volatile long owner;
            private int reentries;

            void lock() {
                long me = Thread.currentThread().threadId();
                if (owner == me) {
                    reentries++;
                    return;
                }
                while (owner != 0) {
                    Thread.onSpinWait();
                }
                owner = me; // wrong: another one may have taken it since
            }

            void unlock() {
                if (reentries > 0) {
                    reentries--;
                } else {
                    owner = 0;
                }
            }
        }
    }

    /** The end of a re-entry gives the lock back. */
    @JCStressTest
    @Outcome(id = "2, 4, 4", expect = ACCEPTABLE, desc = "The one, then the other.")
    @Outcome(id = "4, 2, 4", expect = ACCEPTABLE, desc = "The other, then the one.")
    @Outcome(expect = FORBIDDEN, desc = "Both at once, or one did not see the other.")
    @State
    public static class ForgetsReentries {
        private final Lock lock = new Lock();
        private int count;

        @Actor
        public void one(III_Result r) {
            r.r1 = countTwice();
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = countTwice();
        }

        private int countTwice() {
            lock.lock();
            countOnce();
            int counted = ++count; // after the re-entry
            lock.unlock();
            return counted;
        }

        private void countOnce() {
            lock.lock();
            count++;
            lock.unlock();
        }

        @Arbiter
        public void result(III_Result r) {
            r.r3 = count;
        }

        private static final class Lock {
            private final AtomicLong owner = new AtomicLong();

            void lock() {
                long me = Thread.currentThread().threadId();
                if (owner.get() == me) {
                    return;
                }
                while (!owner.compareAndSet(0, me)) {
                    Thread.onSpinWait();
                }
            }

            void unlock() {
                owner.set(0); // wrong: the outer one still needs it
            }
        }
    }
}
