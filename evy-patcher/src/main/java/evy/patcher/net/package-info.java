/** Sockets, datagrams, pipes and selectors of the JDK wait by the hub's poller. */
@NullMarked
package evy.patcher.net;

import org.jspecify.annotations.NullMarked;
