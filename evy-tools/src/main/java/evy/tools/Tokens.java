package evy.tools;

import org.jspecify.annotations.Nullable;

/** Where the command gets tokens from: never from its arguments, which others can see. */
final class Tokens {
    private Tokens() {}

    /**
     * Gets one.
     *
     * @param ask true to ask for it on the terminal
     * @param variable the environment variable that has it otherwise
     * @return null if there is none
     */
    @SuppressWarnings("SystemConsoleNull") // it is annotated as if it could be
    static @Nullable String get(boolean ask, String variable) throws UsageException {
        if (!ask) {
            return System.getenv(variable);
        }
        var console = System.console();
        var typed =
                console != null && console.isTerminal() ? console.readPassword("Token: ") : null;
        if (typed == null) {
            throw new UsageException("no terminal to ask on; set " + variable);
        }
        return new String(typed);
    }
}
