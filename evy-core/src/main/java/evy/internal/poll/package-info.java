/**
 * Waiting for many descriptors at once, and sockets that never block: one {@link
 * evy.internal.poll.Backend} on Linux's epoll, one on the JDK's channels.
 */
@NullMarked
package evy.internal.poll;

import org.jspecify.annotations.NullMarked;
