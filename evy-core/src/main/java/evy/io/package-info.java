/**
 * Sockets, datagrams, Unix sockets, pipes, processes and files whose waits are green: the same
 * interfaces as the JDK's, and the manual's words beside.
 *
 * {@snippet :
 * try (var socket = Evy.connect("localhost", 6000)) { // a java.net.Socket
 *     socket.sendAll("hello\n".getBytes());
 *     IO.println(new String(socket.recv(1024)));
 * }
 * }
 *
 * <p>Begin with {@link evy.Evy#connect(String, int)} and {@link evy.Evy#listen(int)}, which give
 * {@link evy.io.GreenSocket}s and {@link evy.io.GreenServerSocket}s; with {@link
 * evy.io.GreenDatagramSocket}; with {@link evy.io.GreenProcess} for programs, {@link
 * evy.io.GreenPipe} for pipes and terminals, {@link evy.io.GreenFiles} for files on disk. Names are
 * looked up by {@link evy.io.dns}, TLS is in {@link evy.io.tls}.
 *
 * <p>Guides: {@code docs/guide/sockets.md}, {@code docs/guide/files-and-processes.md}.
 */
@NullMarked
package evy.io;

import org.jspecify.annotations.NullMarked;
