/** Small things that several parts need. */
@NullMarked
package evy.internal.util;

import org.jspecify.annotations.NullMarked;
