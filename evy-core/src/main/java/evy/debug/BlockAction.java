package evy.debug;

import evy.GreenThreadExit;
import evy.hubs.Greenlet;

/**
 * What is done about a blocked hub. Actions are called on the watchdog's thread; what one throws is
 * logged.
 */
@FunctionalInterface
public interface BlockAction {
    /** Writes it to the {@link System.Logger} {@code evy.debug}: a warning with the stack. */
    BlockAction LOG =
            block ->
                    System.getLogger("evy.debug")
                            .log(
                                    block.over()
                                            ? System.Logger.Level.INFO
                                            : System.Logger.Level.WARNING,
                                    block::text);

    /**
     * Raises a {@link HubBlockedException} in the green thread that blocks, once for each block.
     *
     * <p>Java cannot throw into code that computes: it arrives at the next call that may block. If
     * the thread waits and cannot be switched, that wait is interrupted at once, and the exception
     * comes at the next call after it. A thread that ends before gets nothing.
     */
    BlockAction RAISE =
            block -> {
                if (!block.over()) {
                    raise(
                            block,
                            new HubBlockedException(
                                    "the blocking detector fired: " + block.text().strip()));
                }
            };

    /**
     * Kills the green thread that blocks, with a {@link GreenThreadExit}; comes as by {@link
     * #RAISE}.
     */
    BlockAction KILL =
            block -> {
                if (!block.over()) {
                    raise(block, new GreenThreadExit());
                }
            };

    /**
     * Does something about it.
     *
     * @param block found just now, or {@linkplain HubBlock#over over} now; must not block for long
     */
    void blocked(HubBlock block);

    /**
     * Does something more afterwards.
     *
     * @param next called with the same
     * @return both
     */
    default BlockAction andThen(BlockAction next) {
        return block -> {
            blocked(block);
            next.blocked(block);
        };
    }

    private static void raise(HubBlock block, Throwable t) {
        Greenlet target = block.greenThread();
        if (target == null) {
            return;
        }
        target.raise(t); // delivered when the hub is back in its loop
        Thread.State state = target.thread().getState();
        if (block.cause() != BlockCause.COMPUTING
                && (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING)) {
            target.thread().interrupt();
        }
    }
}
