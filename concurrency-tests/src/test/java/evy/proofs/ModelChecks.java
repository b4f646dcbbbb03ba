package evy.proofs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import evy.hubs.Greenlet;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Lincheck's model checker, set up for code that waits: it runs one thread at a time, switches at
 * every access to shared memory it chooses, and tries one choice after the other. Parking, monitors
 * and interrupts are its own, so a lost wake-up is a deadlock that it sees at once.
 */
public final class ModelChecks {
    /** How much more to try than in the default build. */
    private static final int EFFORT = Integer.getInteger("evy.proofs.effort", 1);

    private static final int SCENARIOS = 6;
    private static final int INTERLEAVINGS = 150;

    private ModelChecks() {}

    /**
     * Checks that whatever random calls of a structure give, in whatever interleaving, some order
     * of them one after the other gives, too.
     *
     * @param structure has the operations
     * @param specification has the same ones, for one thread
     * @param threads how many call, twice each
     */
    public static void assertLinearizable(
            Class<?> structure, Class<?> specification, int threads, int calls) {
        startDefaultHub();
        new ModelCheckingOptions()
                .iterations(SCENARIOS * EFFORT)
                .invocationsPerIteration(INTERLEAVINGS)
                .threads(threads)
                .actorsPerThread(calls)
                .actorsBefore(calls > 1 ? 1 : 0)
                .actorsAfter(2)
                .sequentialSpecification(specification)
                // The checker's clock stands still: a wait with a limit, which is always the
                // shortest here, is over in one step.
                .addGuarantee(forClasses("evy.hubs.Waiter").methods("parkUntil").ignore())
                // Who am I: of no concern to other threads, and many steps.
                .addGuarantee(forClasses("evy.hubs.Greenlet").methods("currentForWait").ignore())
                .check(structure);
    }

    /** Runs a program that makes threads and joins them, in many interleavings. */
    public static void assertAlwaysEnds(Runnable program) {
        startDefaultHub();
        Lincheck.runConcurrentTest(INTERLEAVINGS * EFFORT, program);
    }

    /** Checks that a twin is found out, and for what it is. */
    public static void assertFoundOut(Runnable check, String finding) {
        assertThatThrownBy(check::run)
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining(finding);
    }

    /* Foreign threads ask for it; it must not be born inside a checked interleaving. */
    private static void startDefaultHub() {
        Greenlet unused = Greenlet.current();
    }
}
