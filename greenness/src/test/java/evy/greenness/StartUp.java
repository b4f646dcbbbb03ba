package evy.greenness;

import java.io.IOException;
import java.util.List;

/**
 * What the agent adds to the start of a JVM, in processor time: that is nearly the same on a busy
 * machine.
 */
public final class StartUp {
    private static final int STARTS = 5;
    private static final int STEP_MILLIS = 100;

    private StartUp() {}

    /**
     * Starts, and prints how many milliseconds of processor time that took.
     *
     * @param args ignored
     */
    public static void main(String[] args) {
        System.out.println(
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis());
    }

    /** {@return milliseconds, the best start with the agent less the best without} */
    static long costMillis() throws IOException, InterruptedException {
        long with = Long.MAX_VALUE;
        long without = Long.MAX_VALUE;
        for (int i = 0; i < STARTS; i++) {
            without = Math.min(without, startMillis(Jvm.flags()));
            with = Math.min(with, startMillis(Jvm.agentFlags()));
        }
        return Math.max(0, with - without);
    }

    private static long startMillis(List<String> flags) throws IOException, InterruptedException {
        return Long.parseLong(Jvm.run(flags, StartUp.class).strip());
    }

    /** {@return a sentence for the table} */
    static String text(long costMillis) {
        long rounded = (costMillis / STEP_MILLIS + 1) * STEP_MILLIS;
        return "The agent adds less than %d ms of processor time to the start of a JVM (best of %d).\n"
                .formatted(rounded, STARTS);
    }
}
