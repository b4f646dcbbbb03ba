/** Events for Java Flight Recorder, which need not be there. */
@NullMarked
package evy.internal.jfr;

import org.jspecify.annotations.NullMarked;
