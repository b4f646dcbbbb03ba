/**
 * The line by line trace: rewrites the program's classes so that each line tells the bridge that it
 * is about to run, and prints that.
 */
@org.jspecify.annotations.NullMarked
package evy.patcher.spew;
