/** Metrics of connection pools for Micrometer. */
@NullMarked
package evy.db.micrometer;

import org.jspecify.annotations.NullMarked;
