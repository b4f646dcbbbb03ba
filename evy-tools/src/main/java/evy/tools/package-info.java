/**
 * The {@code evy} command: {@link evy.tools.Main} runs a source file, a jar or a class on a green
 * thread, says whether a machine has what Evy needs, and talks to back doors. {@code ./evy --help}
 * lists what it takes.
 *
 * <p>There is nothing here for programs to call; what they can is in {@link evy.tools.backdoor}.
 */
package evy.tools;
