/**
 * The everyday API: {@link evy.Evy} and the types it hands out.
 *
 * <p>Plain blocking code runs on green threads: virtual threads that all run, one at a time, on the
 * single thread of a hub. Between two calls that may block nobody else touches your data.
 */
@NullMarked
package evy;

import org.jspecify.annotations.NullMarked;
