/** Where the classes and resources of an imported library come from. */
@NullMarked
package evy.patcher.imports;

import org.jspecify.annotations.NullMarked;
