package evy.patcher.replacements;

import evy.io.GreenProcess;

import java.io.IOException;

/** Starts the processes of a {@link ProcessBuilder}: {@link GreenProcess}es on a green thread. */
public final class Processes {
    private Processes() {}

    /**
     * As {@link ProcessBuilder#start}.
     *
     * @param builder the builder
     * @return see there
     * @throws IOException see there
     */
    public static Process start(ProcessBuilder builder) throws IOException {
        return Current.isGreen() ? GreenProcess.start(builder) : builder.start();
    }
}
