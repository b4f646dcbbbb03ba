package evy.processes;

import java.io.IOException;

/** Says that the process that was read from or written to has ended. */
public final class DeadProcess extends IOException {
    private static final long serialVersionUID = 1L;

    DeadProcess(String message) {
        super(message);
    }
}
