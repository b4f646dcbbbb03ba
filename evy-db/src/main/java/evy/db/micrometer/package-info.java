/**
 * Metrics of connection pools for Micrometer; needs that library.
 *
 * {@snippet :
 * new ConnectionPoolMetrics(pool).bindTo(registry);
 * }
 *
 * <p>Guide: {@code docs/guide/db.md}.
 */
@NullMarked
package evy.db.micrometer;

import org.jspecify.annotations.NullMarked;
