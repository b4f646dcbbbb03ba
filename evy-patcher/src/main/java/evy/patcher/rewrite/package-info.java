/** Rewrites bytecode, so that it uses the replacements of {@link evy.patcher.replacements}. */
@NullMarked
package evy.patcher.rewrite;

import org.jspecify.annotations.NullMarked;
