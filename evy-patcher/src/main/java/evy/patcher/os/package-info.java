/**
 * Files, pipes, terminals and child processes of the JDK: what a stream of bytes has to offer is
 * waited for on the hub, what a disk has to say on native threads.
 */
@NullMarked
package evy.patcher.os;

import org.jspecify.annotations.NullMarked;
