package evy.behaviour;

import evy.sync.BoundedSemaphore;
import evy.sync.CappedSemaphore;
import evy.sync.Semaphore;
import evy.testkit.contract.HandOverContract;
import evy.testkit.contract.Waited;

import org.junit.jupiter.api.Nested;

import java.time.Duration;

/** The contract of what is waited for, for both sides of all semaphores. */
@AnyPoller
class SemaphoreContractTest {
    private static final int LIMIT = 8;

    @Nested
    class Plain extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new Acquire(new Semaphore(0));
        }
    }

    @Nested
    class Bounded extends HandOverContract {
        @Override
        protected Waited fresh() {
            var semaphore = new BoundedSemaphore(LIMIT);
            for (int i = 0; i < LIMIT; i++) {
                if (!semaphore.tryAcquire()) {
                    throw new AssertionError(semaphore);
                }
            }
            return new Acquire(semaphore);
        }
    }

    @Nested
    class CappedAcquire extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new AcquireCapped(new CappedSemaphore(0, LIMIT), LIMIT);
        }
    }

    @Nested
    class CappedRelease extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new ReleaseCapped(new CappedSemaphore(LIMIT, LIMIT), LIMIT);
        }
    }

    @Nested
    class RendezvousAcquire extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new AcquireCapped(new CappedSemaphore(0, 0), 0);
        }
    }

    @Nested
    class RendezvousRelease extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new ReleaseCapped(new CappedSemaphore(0, 0), 0);
        }
    }

    /** A permit of a semaphore. */
    private record Acquire(Semaphore semaphore) implements Waited {
        @Override
        public void await() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            return semaphore.tryAcquire(limit);
        }

        @Override
        public boolean tryNow() {
            return semaphore.tryAcquire();
        }

        @Override
        public boolean grant() {
            semaphore.release();
            return true;
        }

        @Override
        public int waiting() {
            return Math.max(0, -semaphore.balance());
        }

        @Override
        public boolean refusesNegativeLimit() {
            return true;
        }
    }

    /** A permit of a capped semaphore that has none. */
    private record AcquireCapped(CappedSemaphore semaphore, int limit) implements Waited {
        @Override
        public void await() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public boolean await(Duration time) throws InterruptedException {
            return semaphore.tryAcquire(time);
        }

        @Override
        public boolean tryNow() {
            return semaphore.tryAcquire();
        }

        @Override
        public boolean grant() {
            return semaphore.tryRelease();
        }

        @Override
        public int waiting() {
            return Math.max(0, -limit - semaphore.balance());
        }

        @Override
        public boolean refusesNegativeLimit() {
            return true;
        }
    }

    /** Room for one more permit in a capped semaphore that has all. */
    private record ReleaseCapped(CappedSemaphore semaphore, int limit) implements Waited {
        @Override
        public void await() throws InterruptedException {
            semaphore.release();
        }

        @Override
        public boolean await(Duration time) throws InterruptedException {
            return semaphore.tryRelease(time);
        }

        @Override
        public boolean tryNow() {
            return semaphore.tryRelease();
        }

        @Override
        public boolean grant() {
            return semaphore.tryAcquire();
        }

        @Override
        public int waiting() {
            return Math.max(0, semaphore.balance() - limit);
        }

        @Override
        public boolean refusesNegativeLimit() {
            return true;
        }
    }
}
