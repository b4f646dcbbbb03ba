/**
 * The everyday API: {@link evy.Evy} and the types it hands out.
 *
 * <p>Plain blocking code runs on green threads: virtual threads that all run, one at a time, on the
 * single thread of a hub. Between two calls that may block nobody else touches your data.
 *
 * {@snippet :
 * var pool = new GreenPool(200); // so many at once
 * for (var page : pool.imap(url -> fetch(url), urls)) {
 *     IO.println(page.length());
 * }
 * }
 *
 * <p>Begin with {@link evy.Evy#spawn(java.util.concurrent.Callable)} for one green thread, {@link
 * evy.GreenPool} for many with a limit, {@link evy.Evy#listen(int)} and {@link
 * evy.Evy#serve(java.net.ServerSocket, evy.Evy.Handler)} for a server, {@link evy.Timeout} for a
 * limit of time. {@link evy.GreenPile}, {@link evy.Scope} and {@link evy.DagPool} are for work that
 * belongs together. Sockets and the like are in {@link evy.io}, what threads wait for each other
 * with in {@link evy.sync}.
 *
 * <p>Guides: {@code docs/guide/spawning.md}, {@code docs/guide/pools.md}, {@code
 * docs/guide/timeouts.md}, {@code docs/guide/dagpool.md}.
 */
@NullMarked
package evy;

import org.jspecify.annotations.NullMarked;
