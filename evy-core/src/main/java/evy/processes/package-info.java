/**
 * Child processes in the words of the first manual, of 2007: {@link evy.processes.Process} and
 * {@link evy.processes.ProcessPool}. New programs use {@link evy.io.GreenProcess}.
 *
 * {@snippet :
 * import evy.processes.Process; // there is one in java.lang, too
 *
 * try (var sort = new Process("sort", "-n")) {
 *     sort.write("10\n9\n");
 *     sort.closeStdin();
 *     IO.println(sort.read());
 * }
 * }
 *
 * <p>Guide: {@code docs/guide/files-and-processes.md}.
 */
@NullMarked
package evy.processes;

import org.jspecify.annotations.NullMarked;
