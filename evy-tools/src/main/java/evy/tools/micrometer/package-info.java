/**
 * Metrics of hubs, green threads and native threads for Micrometer; needs that library.
 *
 * {@snippet :
 * new EvyMetrics().bindTo(registry);
 * }
 *
 * <p>Guide: {@code docs/guide/debugging.md}.
 */
package evy.tools.micrometer;
