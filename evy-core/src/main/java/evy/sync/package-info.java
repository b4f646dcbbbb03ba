/**
 * What green threads wait for each other with: events, semaphores and queues.
 *
 * {@snippet :
 * var lines = new LightQueue<String>(10); // a BlockingQueue
 * Evy.spawnN(() -> lines.put("a line"));
 * IO.println(lines.take());
 * }
 *
 * <p>Begin with {@link evy.sync.Event} for something that happens once, {@link evy.sync.Semaphore}
 * for a limit, {@link evy.sync.LightQueue} to pass things on.
 *
 * <p>All of them serve who waits in the order of arrival and hand over directly: what has been
 * promised to one who waits cannot be snatched by one who comes later. All work from any hub and
 * any platform thread; between green threads of one hub they cost a few nanoseconds when nobody
 * needs to wait. One who is killed, timed out or interrupted while waiting takes nothing with it.
 *
 * <p>What blocks declares {@link InterruptedException}, as in {@code java.util.concurrent}; a kill
 * or a timeout comes as itself. A call that finds what it wants is no checkpoint: it returns even
 * if a kill is on its way, which comes at the next call that blocks.
 *
 * <p>Guide: {@code docs/guide/sync.md}.
 */
@NullMarked
package evy.sync;

import org.jspecify.annotations.NullMarked;
