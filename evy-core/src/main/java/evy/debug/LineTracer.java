package evy.debug;

/**
 * Traces a program line by line, for {@link Debug#spew(SpewOptions)}. Evy's agent has one, found as
 * a service: what rewrites code is no part of the core.
 *
 * @thread all methods any but a hub's callback
 */
public interface LineTracer {
    /** What to say where there is no agent. */
    String NEEDS_AGENT =
            "spew needs Evy's agent; start java with -javaagent:evy.jar (or run the program with"
                    + " ./evy run)";

    /**
     * Begins a trace, and ends the one before.
     *
     * @checkpoint always
     * @param options what to trace, and where to
     * @throws IllegalStateException if nothing can be rewritten in this JVM; the message says how
     *     to start it instead
     * @throws IllegalArgumentException if a name cannot be traced; the message says which
     * @throws java.io.UncheckedIOException if the file to print to cannot be written
     */
    void start(SpewOptions options);

    /**
     * Ends the trace, if there is one: what was traced gets its own code back, and what was noted
     * is printed.
     *
     * @checkpoint always
     */
    void stop();
}
