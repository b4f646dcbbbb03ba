/** {@code evy top}: a running program's hubs and green threads, live in a terminal. */
package evy.tools.top;
