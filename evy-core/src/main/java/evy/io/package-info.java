/**
 * Sockets whose waits are green: the same interfaces as the JDK's, and the manual's words beside.
 */
@NullMarked
package evy.io;

import org.jspecify.annotations.NullMarked;
