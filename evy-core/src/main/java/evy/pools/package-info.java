/**
 * Pools of things that are dear to make and can serve one at a time.
 *
 * {@snippet :
 * var connections = new Pool<>(4, () -> Evy.connect("backend", 7000));
 * try (var lease = connections.item()) { // waits until one is free
 *     lease.get().sendAll(request);
 * }
 * }
 *
 * <p>Begin with {@link evy.pools.Pool}; {@link evy.pools.TokenPool} only counts. Pools of green
 * threads are {@link evy.GreenPool}s.
 *
 * <p>Guide: {@code docs/guide/pools.md}.
 */
@NullMarked
package evy.pools;

import org.jspecify.annotations.NullMarked;
