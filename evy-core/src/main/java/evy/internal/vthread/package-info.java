/**
 * The only place that reaches into {@code java.lang}: virtual threads on a scheduler of our own.
 */
@NullMarked
package evy.internal.vthread;

import org.jspecify.annotations.NullMarked;
