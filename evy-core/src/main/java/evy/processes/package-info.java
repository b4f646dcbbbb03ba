/**
 * Child processes in the words of the first manual, of 2007: {@link evy.processes.Process} and
 * {@link evy.processes.ProcessPool}. New programs use {@link evy.io.GreenProcess}.
 */
@NullMarked
package evy.processes;

import org.jspecify.annotations.NullMarked;
