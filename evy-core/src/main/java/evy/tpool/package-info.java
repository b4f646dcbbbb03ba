/** Native threads for what cannot be green. */
@NullMarked
package evy.tpool;

import org.jspecify.annotations.NullMarked;
