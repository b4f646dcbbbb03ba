package evy.patcher.replacements;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.util.StringTokenizer;

/** The methods of {@link Runtime} that start a process. */
public final class RuntimeProcesses {
    private RuntimeProcesses() {}

    /**
     * As {@link Runtime#exec(String)}.
     *
     * @param runtime the JVM
     * @param command see there
     * @return see there
     * @throws IOException see there
     */
    public static Process exec(Runtime runtime, String command) throws IOException {
        return exec(runtime, command, null, null);
    }

    /**
     * As {@link Runtime#exec(String, String[])}.
     *
     * @param runtime the JVM
     * @param command see there
     * @param environment see there
     * @return see there
     * @throws IOException see there
     */
    public static Process exec(Runtime runtime, String command, String @Nullable [] environment)
            throws IOException {
        return exec(runtime, command, environment, null);
    }

    /**
     * As {@link Runtime#exec(String, String[], File)}.
     *
     * @param runtime the JVM
     * @param command see there
     * @param environment see there
     * @param directory see there
     * @return see there
     * @throws IOException see there
     */
    public static Process exec(
            Runtime runtime,
            String command,
            String @Nullable [] environment,
            @Nullable File directory)
            throws IOException {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("Empty command");
        }
        StringTokenizer words = new StringTokenizer(command);
        String[] array = new String[words.countTokens()];
        for (int i = 0; i < array.length; i++) {
            array[i] = words.nextToken();
        }
        return exec(runtime, array, environment, directory);
    }

    /**
     * As {@link Runtime#exec(String[])}.
     *
     * @param runtime the JVM
     * @param command see there
     * @return see there
     * @throws IOException see there
     */
    public static Process exec(Runtime runtime, String[] command) throws IOException {
        return exec(runtime, command, null, null);
    }

    /**
     * As {@link Runtime#exec(String[], String[])}.
     *
     * @param runtime the JVM
     * @param command see there
     * @param environment see there
     * @return see there
     * @throws IOException see there
     */
    public static Process exec(Runtime runtime, String[] command, String @Nullable [] environment)
            throws IOException {
        return exec(runtime, command, environment, null);
    }

    /**
     * As {@link Runtime#exec(String[], String[], File)}.
     *
     * @param runtime the JVM
     * @param command see there
     * @param environment see there
     * @param directory see there
     * @return see there
     * @throws IOException see there
     */
    public static Process exec(
            Runtime runtime,
            String[] command,
            String @Nullable [] environment,
            @Nullable File directory)
            throws IOException {
        if (!Current.isGreen()) {
            return runtime.exec(command, environment, directory);
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory);
        if (environment != null) {
            builder.environment().clear();
            for (String entry : environment) {
                int at = entry.indexOf('=', 1); // a name may begin with one on Windows
                if (at > 0) {
                    builder.environment().put(entry.substring(0, at), entry.substring(at + 1));
                }
            }
        }
        return Processes.start(builder);
    }
}
