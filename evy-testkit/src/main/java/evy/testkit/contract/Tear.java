package evy.testkit.contract;

import evy.GreenThreadExit;
import evy.Timeout;

/** The ways to tear a thread from its wait. */
enum Tear {
    KILL {
        @Override
        Throwable tear(Partner partner) {
            Throwable kill = new GreenThreadExit("torn by a test");
            partner.raise(kill);
            return kill;
        }
    },

    TIMEOUT {
        @Override
        Throwable tear(Partner partner) {
            Throwable timeout = new Timeout(null);
            partner.raise(timeout); // all that its timer does
            return timeout;
        }
    },

    INTERRUPT {
        @Override
        Throwable tear(Partner partner) {
            partner.interrupt();
            return new InterruptedException();
        }
    };

    /** Tears, and goes on at once; returns what the partner gets, an interrupt's only in kind. */
    abstract Throwable tear(Partner partner);

    /** Asks whether that is what came out of the wait. */
    static boolean isSame(Throwable expected, Throwable thrown) {
        return expected instanceof InterruptedException
                ? thrown instanceof InterruptedException
                : thrown == expected;
    }
}
