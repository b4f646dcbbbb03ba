/** Tests of the pools against a fake driver. */
@NullMarked
package evy.db;

import org.jspecify.annotations.NullMarked;
