/**
 * What patched JDK code calls. The agent defines these classes in the boot loader, so they use JDK
 * types only and know nothing of Evy.
 */
@NullMarked
package evy.patcher.bridge;

import org.jspecify.annotations.NullMarked;
