package evy.zmq;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A Unix-domain socket that listens, and the file that stands for it, which goes with it.
 *
 * <p>A file that a process has left behind is replaced; one that somebody listens at, or that is no
 * socket, is not. libzmq removes either.
 *
 * @thread any
 * @source libzmq {@code ipc_listener_t}
 */
final class IpcServer {
    private static final String SOCKET = "socket";

    private final String name;
    private final ServerSocketChannel channel;
    private final @Nullable Object key;
    private final @Nullable Path folder; // to be removed, too
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private boolean removed;

    private IpcServer(String name, ServerSocketChannel channel, @Nullable Path folder)
            throws IOException {
        this.name = name;
        this.channel = channel;
        this.folder = folder;
        this.key = look(Path.of(name)).fileKey();
    }

    /**
     * Listens at a path.
     *
     * @param name the path, as endpoints show it
     * @param backlog how many may wait to be accepted
     * @throws FileAlreadyExistsException if somebody listens there, or it is no socket
     * @throws NoSuchFileException if the folder does not exist
     * @throws AccessDeniedException if nothing may be made there
     */
    static IpcServer open(String name, int backlog) throws IOException {
        return open(name, backlog, null);
    }

    /** Listens at a new path, in a folder of its own that no other user may look into. */
    static IpcServer openAnywhere(int backlog) throws IOException {
        Path folder = Files.createTempDirectory("evy-zmq-");
        try {
            return open(folder.resolve(SOCKET).toString(), backlog, folder);
        } catch (IOException | RuntimeException e) {
            Files.delete(folder);
            throw e;
        }
    }

    private static IpcServer open(String name, int backlog, @Nullable Path folder)
            throws IOException {
        Path path = Path.of(name);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                removeStale(path);
            }
            bind(channel, path, backlog);
            channel.configureBlocking(false);
            return new IpcServer(name, channel, folder);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /* Two processes that find the same stale file at once may both think they listen there. */
    private static void removeStale(Path path) throws IOException {
        String name = path.toString();
        if (!look(path).isOther()) {
            throw new FileAlreadyExistsException(name, null, "it is no socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            boolean _ = probe.connect(UnixDomainSocketAddress.of(path));
            throw new FileAlreadyExistsException(name, null, "somebody listens there");
        } catch (ConnectException e) {
            Files.deleteIfExists(path); // nobody does
        }
    }

    private static void bind(ServerSocketChannel channel, Path path, int backlog)
            throws IOException {
        try {
            channel.bind(UnixDomainSocketAddress.of(path), backlog);
        } catch (IOException e) {
            Path folder = path.toAbsolutePath().getParent();
            IOException reason = e;
            if (folder != null && !Files.isDirectory(folder)) {
                reason = new NoSuchFileException(folder.toString(), null, "no such folder");
            } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                reason = new FileAlreadyExistsException(path.toString());
            } else if (folder != null && !Files.isWritable(folder)) {
                reason = new AccessDeniedException(folder.toString());
            }
            if (reason != e) {
                reason.initCause(e);
            }
            throw reason;
        }
    }

    private static BasicFileAttributes look(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** {@return the address to connect to} */
    String endpoint() {
        return IpcEndpoints.SCHEME + name;
    }

    /** {@return non-blocking; its owner accepts, and nobody else closes it} */
    ServerSocketChannel channel() {
        return channel;
    }

    /**
     * Removes the file, so that another may listen there; unless another does. It is gone when this
     * returns, whoever removes it: the socket's user and JeroMQ's thread may both be at it.
     */
    void removeFile() throws IOException {
        lock.lock();
        try {
            if (!removed) {
                removeIfOurs(Path.of(name));
                if (folder != null) {
                    Files.deleteIfExists(folder);
                }
                removed = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void removeIfOurs(Path path) throws IOException {
        try {
            if (Objects.equals(key, look(path).fileKey())) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            assert e.getFile() != null; // somebody was tidy
        }
    }

    /** Stops to listen, and removes the file. */
    void close() throws IOException {
        try {
            removeFile();
        } finally {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return endpoint();
    }
}
