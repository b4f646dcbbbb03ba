package evy.hubs;

import evy.proofs.ModelChecks;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Three threads end the same wait, each in its own way: a wake, the time limit, an exception.
 *
 * <p>Claim: it is as if they had come one after the other, and the first one only was told that it
 * ended the wait. {@link WaiterEndTest} lets two at a time race on real processors.
 */
class WaiterLincheckTest {
    @Test
    void waiter_anyInterleaving_endsOnce() {
        ModelChecks.assertLinearizable(Real.class, Specification.class, 3, 1);
    }

    @Test
    void lookThenWrite_sameChecks_foundOut() {
        ModelChecks.assertFoundOut(
                () ->
                        ModelChecks.assertLinearizable(
                                LookThenWrite.class, Specification.class, 3, 1),
                "Invalid execution results");
    }

    /** What is claimed to hold. */
    public static class Real {
        private final Waiter waiter = Waiter.current("a proof");

        @Operation
        public boolean wake() {
            return waiter.wake();
        }

        @Operation
        public boolean expire() {
            return waiter.expire();
        }

        @Operation
        public boolean abort() {
            return waiter.abort(Raised.IT);
        }

        @Operation
        public boolean isWaiting() {
            return waiter.isWaiting();
        }
    }

    /** The twin. */
    public static class LookThenWrite {
        private volatile String state = "waiting";

        @Operation
        public boolean wake() {
            return end("woken");
        }

        @Operation
        public boolean expire() {
            return end("expired");
        }

        @Operation
        public boolean abort() {
            return end("thrown");
        }

        @Operation
        public boolean isWaiting() {
            return state.equals("waiting");
        }

        private boolean end(String how) {
            if (isWaiting()) {
                state = how; // wrong: another one may have been here since
                return true;
            }
            return false;
        }
    }

    /** For one thread. */
    public static class Specification {
        private boolean ended;

        public boolean wake() {
            return end();
        }

        public boolean expire() {
            return end();
        }

        public boolean abort() {
            return end();
        }

        public boolean isWaiting() {
            return !ended;
        }

        private boolean end() {
            boolean first = !ended;
            ended = true;
            return first;
        }
    }
}
