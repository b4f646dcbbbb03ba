/** Metrics of hubs, green threads and native threads for Micrometer. */
package evy.tools.micrometer;
