package evy.sync;

import evy.proofs.ModelChecks;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/**
 * A semaphore with one permit, called by two threads in any way.
 *
 * <p>Claim: it is linearizable, and so loses and doubles no permit. Both twins are found out by
 * what a later call gets.
 */
class SemaphoreLincheckTest {
    @Test
    void semaphore_anyInterleaving_linearizable() {
        ModelChecks.assertLinearizable(Real.class, Specification.class, 2, 2);
    }

    @Test
    void blindRelease_sameChecks_foundOut() {
        ModelChecks.assertFoundOut(
                () -> ModelChecks.assertLinearizable(Blind.class, Specification.class, 2, 2),
                "Invalid execution results");
    }

    @Test
    void doubleRelease_sameChecks_foundOut() {
        ModelChecks.assertFoundOut(
                () -> ModelChecks.assertLinearizable(Doubling.class, Specification.class, 2, 2),
                "Invalid execution results");
    }

    /** What is claimed to hold. */
    public static class Real {
        private final Semaphore semaphore = new Semaphore(0);

        @Operation
        public boolean tryAcquire() {
            return semaphore.tryAcquire();
        }

        @Operation
        public boolean acquireAndWait() throws InterruptedException {
            return semaphore.tryAcquire(Duration.ofNanos(1));
        }

        @Operation
        public void release() {
            semaphore.release();
        }
    }

    /** The twin that loses permits. */
    public static class Blind {
        private final BrokenPermits permits = new BrokenPermits();

        @Operation
        public boolean acquireAndWait() throws InterruptedException {
            return permits.tryAcquire(1);
        }

        @Operation
        public void release() {
            permits.releaseBlindly();
        }
    }

    /** The twin that doubles permits. */
    public static class Doubling {
        private final BrokenPermits permits = new BrokenPermits();

        @Operation
        public boolean acquireAndWait() throws InterruptedException {
            return permits.tryAcquire(1);
        }

        @Operation
        public void release() {
            permits.releaseTwice();
        }
    }

    /** For one thread. */
    public static class Specification {
        private int permits;

        public boolean tryAcquire() {
            if (permits == 0) {
                return false;
            }
            permits--;
            return true;
        }

        public boolean acquireAndWait() {
            return tryAcquire();
        }

        public void release() {
            permits++;
        }
    }
}
