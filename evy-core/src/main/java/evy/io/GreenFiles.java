package evy.io;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@link Files} without holding up the hub: every call is made on a native thread of {@link
 * evy.tpool.Tpool}, and only the calling green thread waits for it.
 *
 * <p>A call that is torn by a kill or a timeout before its native thread has begun never happens.
 * One that has begun is finished; its result is dropped, and what it has opened is closed.
 *
 * <p>Each does, returns and throws what the method of the same name in {@link Files} does.
 *
 * @thread any but a hub's callback
 */
public final class GreenFiles {
    private static final int BUFFER_SIZE = 32 * 1024;

    private GreenFiles() {}

    /**
     * Reads all of a file.
     *
     * @checkpoint always
     * @param path the file
     * @return what is in it
     * @throws IOException if the system reports one
     */
    public static byte[] readAllBytes(Path path) throws IOException {
        return Offload.call(() -> Files.readAllBytes(path));
    }

    /**
     * Reads all of a file as UTF-8 text.
     *
     * @checkpoint always
     * @param path the file
     * @return what is in it
     * @throws IOException if the system reports one
     */
    public static String readString(Path path) throws IOException {
        return Offload.call(() -> Files.readString(path));
    }

    /**
     * Reads all of a file as text.
     *
     * @checkpoint always
     * @param path the file
     * @param charset its encoding
     * @return what is in it
     * @throws IOException if the system reports one
     */
    public static String readString(Path path, Charset charset) throws IOException {
        return Offload.call(() -> Files.readString(path, charset));
    }

    /**
     * Reads all lines of a file of UTF-8 text.
     *
     * @checkpoint always
     * @param path the file
     * @return its lines
     * @throws IOException if the system reports one
     */
    public static List<String> readAllLines(Path path) throws IOException {
        return Offload.call(() -> Files.readAllLines(path));
    }

    /**
     * Reads all lines of a file.
     *
     * @checkpoint always
     * @param path the file
     * @param charset its encoding
     * @return its lines
     * @throws IOException if the system reports one
     */
    public static List<String> readAllLines(Path path, Charset charset) throws IOException {
        return Offload.call(() -> Files.readAllLines(path, charset));
    }

    /**
     * Writes a file.
     *
     * @checkpoint always
     * @param path the file
     * @param bytes what is to be in it
     * @param options how to open it
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path write(Path path, byte[] bytes, OpenOption... options) throws IOException {
        return Offload.call(() -> Files.write(path, bytes, options));
    }

    /**
     * Writes lines to a file, as UTF-8.
     *
     * @checkpoint always
     * @param path the file
     * @param lines the lines; iterated on a native thread
     * @param options how to open it
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path write(
            Path path, Iterable<? extends CharSequence> lines, OpenOption... options)
            throws IOException {
        return Offload.call(() -> Files.write(path, lines, options));
    }

    /**
     * Writes text to a file, as UTF-8.
     *
     * @checkpoint always
     * @param path the file
     * @param text what is to be in it
     * @param options how to open it
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path writeString(Path path, CharSequence text, OpenOption... options)
            throws IOException {
        return Offload.call(() -> Files.writeString(path, text, options));
    }

    /**
     * Writes text to a file.
     *
     * @checkpoint always
     * @param path the file
     * @param text what is to be in it
     * @param charset its encoding
     * @param options how to open it
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path writeString(
            Path path, CharSequence text, Charset charset, OpenOption... options)
            throws IOException {
        return Offload.call(() -> Files.writeString(path, text, charset, options));
    }

    /**
     * Copies a file.
     *
     * @checkpoint always
     * @param source the file
     * @param target the copy
     * @param options how
     * @return the copy
     * @throws IOException if the system reports one
     */
    public static Path copy(Path source, Path target, CopyOption... options) throws IOException {
        return Offload.call(() -> Files.copy(source, target, options));
    }

    /**
     * Moves or renames a file.
     *
     * @checkpoint always
     * @param source the file
     * @param target its new place
     * @param options how
     * @return its new place
     * @throws IOException if the system reports one
     */
    public static Path move(Path source, Path target, CopyOption... options) throws IOException {
        return Offload.call(() -> Files.move(source, target, options));
    }

    /**
     * Deletes a file or an empty directory.
     *
     * @checkpoint always
     * @param path which
     * @throws IOException if the system reports one
     */
    public static void delete(Path path) throws IOException {
        Offload.run(() -> Files.delete(path));
    }

    /**
     * Deletes a file or an empty directory if there is one.
     *
     * @checkpoint always
     * @param path which
     * @return true if there was one
     * @throws IOException if the system reports one
     */
    public static boolean deleteIfExists(Path path) throws IOException {
        return Offload.call(() -> Files.deleteIfExists(path));
    }

    /**
     * Makes an empty file.
     *
     * @checkpoint always
     * @param path where
     * @param attributes of the file
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path createFile(Path path, FileAttribute<?>... attributes) throws IOException {
        return Offload.call(() -> Files.createFile(path, attributes));
    }

    /**
     * Makes a directory.
     *
     * @checkpoint always
     * @param path where
     * @param attributes of the directory
     * @return the directory
     * @throws IOException if the system reports one
     */
    public static Path createDirectory(Path path, FileAttribute<?>... attributes)
            throws IOException {
        return Offload.call(() -> Files.createDirectory(path, attributes));
    }

    /**
     * Makes a directory and those above it.
     *
     * @checkpoint always
     * @param path where
     * @param attributes of the directories
     * @return the directory
     * @throws IOException if the system reports one
     */
    public static Path createDirectories(Path path, FileAttribute<?>... attributes)
            throws IOException {
        return Offload.call(() -> Files.createDirectories(path, attributes));
    }

    /**
     * Makes an empty file of an unused name in the directory for such files.
     *
     * @checkpoint always
     * @param prefix of its name; null for none
     * @param suffix of its name; null for .tmp
     * @param attributes of the file
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path createTempFile(
            @Nullable String prefix, @Nullable String suffix, FileAttribute<?>... attributes)
            throws IOException {
        return Offload.call(() -> Files.createTempFile(prefix, suffix, attributes));
    }

    /**
     * Makes an empty file of an unused name.
     *
     * @checkpoint always
     * @param directory where
     * @param prefix of its name; null for none
     * @param suffix of its name; null for .tmp
     * @param attributes of the file
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path createTempFile(
            Path directory,
            @Nullable String prefix,
            @Nullable String suffix,
            FileAttribute<?>... attributes)
            throws IOException {
        return Offload.call(() -> Files.createTempFile(directory, prefix, suffix, attributes));
    }

    /**
     * Makes a directory of an unused name in the directory for such.
     *
     * @checkpoint always
     * @param prefix of its name; null for none
     * @param attributes of the directory
     * @return the directory
     * @throws IOException if the system reports one
     */
    public static Path createTempDirectory(@Nullable String prefix, FileAttribute<?>... attributes)
            throws IOException {
        return Offload.call(() -> Files.createTempDirectory(prefix, attributes));
    }

    /**
     * Makes a directory of an unused name.
     *
     * @checkpoint always
     * @param directory where
     * @param prefix of its name; null for none
     * @param attributes of the directory
     * @return the directory
     * @throws IOException if the system reports one
     */
    public static Path createTempDirectory(
            Path directory, @Nullable String prefix, FileAttribute<?>... attributes)
            throws IOException {
        return Offload.call(() -> Files.createTempDirectory(directory, prefix, attributes));
    }

    /**
     * Makes a symbolic link.
     *
     * @checkpoint always
     * @param link where
     * @param target where it leads
     * @param attributes of the link
     * @return the link
     * @throws IOException if the system reports one
     */
    public static Path createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
            throws IOException {
        return Offload.call(() -> Files.createSymbolicLink(link, target, attributes));
    }

    /**
     * Makes another name for a file.
     *
     * @checkpoint always
     * @param link the new name
     * @param existing the file
     * @return the new name
     * @throws IOException if the system reports one
     */
    public static Path createLink(Path link, Path existing) throws IOException {
        return Offload.call(() -> Files.createLink(link, existing));
    }

    /**
     * Reads where a symbolic link leads.
     *
     * @checkpoint always
     * @param link the link
     * @return where it leads
     * @throws IOException if the system reports one
     */
    public static Path readSymbolicLink(Path link) throws IOException {
        return Offload.call(() -> Files.readSymbolicLink(link));
    }

    /**
     * Asks whether a file exists.
     *
     * @checkpoint always
     * @param path the file
     * @param options how to treat links
     * @return false if it does not, or that cannot be found out
     * @throws IOException if the system reports one
     */
    public static boolean exists(Path path, LinkOption... options) throws IOException {
        return Offload.call(() -> Files.exists(path, options));
    }

    /**
     * Asks whether a path is a directory.
     *
     * @checkpoint always
     * @param path which
     * @param options how to treat links
     * @return false if it is not, or that cannot be found out
     * @throws IOException if the system reports one
     */
    public static boolean isDirectory(Path path, LinkOption... options) throws IOException {
        return Offload.call(() -> Files.isDirectory(path, options));
    }

    /**
     * Asks whether a path is a file on disk.
     *
     * @checkpoint always
     * @param path which
     * @param options how to treat links
     * @return false if it is not, or that cannot be found out
     * @throws IOException if the system reports one
     */
    public static boolean isRegularFile(Path path, LinkOption... options) throws IOException {
        return Offload.call(() -> Files.isRegularFile(path, options));
    }

    /**
     * Asks whether two paths lead to the same file.
     *
     * @checkpoint always
     * @param one a path
     * @param other another
     * @return true if they do
     * @throws IOException if the system reports one
     */
    public static boolean isSameFile(Path one, Path other) throws IOException {
        return Offload.call(() -> Files.isSameFile(one, other));
    }

    /**
     * Compares two files.
     *
     * @checkpoint always
     * @param one a file
     * @param other another
     * @return where they first differ; -1 if they do not
     * @throws IOException if the system reports one
     */
    public static long mismatch(Path one, Path other) throws IOException {
        return Offload.call(() -> Files.mismatch(one, other));
    }

    /**
     * Asks how long a file is.
     *
     * @checkpoint always
     * @param path the file
     * @return its length in bytes
     * @throws IOException if the system reports one
     */
    public static long size(Path path) throws IOException {
        return Offload.call(() -> Files.size(path));
    }

    /**
     * Asks when a file was last changed.
     *
     * @checkpoint always
     * @param path the file
     * @param options how to treat links
     * @return when
     * @throws IOException if the system reports one
     */
    public static FileTime getLastModifiedTime(Path path, LinkOption... options)
            throws IOException {
        return Offload.call(() -> Files.getLastModifiedTime(path, options));
    }

    /**
     * Sets when a file was last changed.
     *
     * @checkpoint always
     * @param path the file
     * @param time when
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path setLastModifiedTime(Path path, FileTime time) throws IOException {
        return Offload.call(() -> Files.setLastModifiedTime(path, time));
    }

    /**
     * Reads an attribute.
     *
     * @checkpoint always
     * @param path the file
     * @param attribute its name
     * @param options how to treat links
     * @return its value
     * @throws IOException if the system reports one
     */
    public static @Nullable Object getAttribute(Path path, String attribute, LinkOption... options)
            throws IOException {
        return Offload.call(() -> Files.getAttribute(path, attribute, options));
    }

    /**
     * Sets an attribute.
     *
     * @checkpoint always
     * @param path the file
     * @param attribute its name
     * @param value its value
     * @param options how to treat links
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path setAttribute(
            Path path, String attribute, @Nullable Object value, LinkOption... options)
            throws IOException {
        return Offload.call(() -> Files.setAttribute(path, attribute, value, options));
    }

    /**
     * Reads attributes by their names.
     *
     * @checkpoint always
     * @param path the file
     * @param attributes their names, such as posix:*
     * @param options how to treat links
     * @return their values
     * @throws IOException if the system reports one
     */
    public static Map<String, Object> readAttributes(
            Path path, String attributes, LinkOption... options) throws IOException {
        return Offload.call(() -> Files.readAttributes(path, attributes, options));
    }

    /**
     * Reads who may do what with a file.
     *
     * @checkpoint always
     * @param path the file
     * @param options how to treat links
     * @return the permissions
     * @throws IOException if the system reports one
     */
    public static Set<PosixFilePermission> getPosixFilePermissions(Path path, LinkOption... options)
            throws IOException {
        return Offload.call(() -> Files.getPosixFilePermissions(path, options));
    }

    /**
     * Sets who may do what with a file.
     *
     * @checkpoint always
     * @param path the file
     * @param permissions the permissions
     * @return the file
     * @throws IOException if the system reports one
     */
    public static Path setPosixFilePermissions(Path path, Set<PosixFilePermission> permissions)
            throws IOException {
        return Offload.call(() -> Files.setPosixFilePermissions(path, permissions));
    }

    /**
     * Reads the attributes of a file.
     *
     * @checkpoint always
     * @param <A> kind of the attributes
     * @param path the file
     * @param type kind of the attributes
     * @param options how to treat links
     * @return its attributes
     * @throws IOException if the system reports one
     */
    public static <A extends BasicFileAttributes> A readAttributes(
            Path path, Class<A> type, LinkOption... options) throws IOException {
        return Offload.call(() -> Files.readAttributes(path, type, options));
    }

    /**
     * Lists a directory. All of it is read before this returns.
     *
     * @checkpoint always
     * @param directory which
     * @return what is in it; need not be closed
     * @throws IOException if the system reports one
     */
    @SuppressWarnings("StreamResourceLeak") // collect() closes it
    public static Stream<Path> list(Path directory) throws IOException {
        return collect(() -> Files.list(directory)).stream();
    }

    /**
     * Lists a directory and all below it. All of it is read before this returns.
     *
     * @checkpoint always
     * @param start where to begin
     * @param options whether to follow links
     * @return all that was found; need not be closed
     * @throws IOException if the system reports one
     */
    public static Stream<Path> walk(Path start, FileVisitOption... options) throws IOException {
        return walk(start, Integer.MAX_VALUE, options);
    }

    /**
     * Lists a directory and what is below it; otherwise as {@link #walk(Path, FileVisitOption...)}.
     *
     * @checkpoint always
     * @param start where to begin
     * @param maxDepth how far down to go
     * @param options whether to follow links
     * @return all that was found; need not be closed
     * @throws IOException if the system reports one
     */
    @SuppressWarnings("StreamResourceLeak") // collect() closes it
    public static Stream<Path> walk(Path start, int maxDepth, FileVisitOption... options)
            throws IOException {
        return collect(() -> Files.walk(start, maxDepth, options)).stream();
    }

    /** What opens a stream. */
    private interface Source {
        Stream<Path> open() throws IOException;
    }

    private static List<Path> collect(Source source) throws IOException {
        return Offload.call(
                () -> {
                    try (Stream<Path> paths = source.open()) {
                        return paths.toList();
                    } catch (UncheckedIOException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * Opens a file to read or write at any place.
     *
     * @checkpoint always; each of its operations, too
     * @param path the file
     * @param options how to open it; to read if none is given
     * @return the open file, for one green thread at a time; a read that is torn takes nothing
     * @throws IOException if the system reports one
     */
    public static SeekableByteChannel newByteChannel(Path path, OpenOption... options)
            throws IOException {
        return open(path, Set.of(options));
    }

    private static FileStream open(Path path, Set<OpenOption> options) throws IOException {
        boolean appends = options.contains(StandardOpenOption.APPEND);
        return Offload.open(
                () -> {
                    FileChannel channel = FileChannel.open(path, options);
                    try {
                        return new FileStream(path.toString(), channel, appends);
                    } catch (IOException | RuntimeException | Error e) {
                        channel.close();
                        throw e;
                    }
                });
    }

    /**
     * Opens a file to read it from the beginning.
     *
     * @checkpoint always; each of its reads, too
     * @param path the file
     * @param options how to open it
     * @return the open file, buffered
     * @throws IOException if the system reports one
     */
    public static InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        return new GreenPipe(open(path, Set.of(options)), StandardCharsets.UTF_8, BUFFER_SIZE)
                .inputStream();
    }

    /**
     * Opens a file to write it.
     *
     * @checkpoint always; each of its writes, too
     * @param path the file
     * @param options how to open it; if none is given it is made, or emptied
     * @return the open file, not buffered
     * @throws IOException if the system reports one
     */
    public static OutputStream newOutputStream(Path path, OpenOption... options)
            throws IOException {
        Set<OpenOption> all =
                options.length == 0
                        ? Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)
                        : withWrite(options);
        return Channels.newOutputStream(open(path, all));
    }

    private static Set<OpenOption> withWrite(OpenOption... options) {
        if (Set.of(options).contains(StandardOpenOption.READ)) {
            throw new IllegalArgumentException("READ is not allowed for an output stream");
        }
        var all = new HashSet<OpenOption>(Set.of(options));
        all.add(StandardOpenOption.WRITE);
        return all;
    }

    /**
     * Opens a file of UTF-8 text to read it; otherwise as {@link #newInputStream}.
     *
     * @checkpoint always; each of its reads, too
     * @param path the file
     * @return the open file, buffered
     * @throws IOException if the system reports one
     */
    public static BufferedReader newBufferedReader(Path path) throws IOException {
        return newBufferedReader(path, StandardCharsets.UTF_8);
    }

    /**
     * Opens a file of text to read it; otherwise as {@link #newInputStream}.
     *
     * @checkpoint always; each of its reads, too
     * @param path the file
     * @param charset its encoding; bytes that are no text in it are an error
     * @return the open file, buffered
     * @throws IOException if the system reports one
     */
    public static BufferedReader newBufferedReader(Path path, Charset charset) throws IOException {
        return new BufferedReader(
                new InputStreamReader(newInputStream(path), charset.newDecoder()));
    }

    /**
     * Opens a file to write UTF-8 text; otherwise as {@link #newOutputStream}.
     *
     * @checkpoint always; each of its writes, too
     * @param path the file
     * @param options how to open it; if none is given it is made, or emptied
     * @return the open file, buffered
     * @throws IOException if the system reports one
     */
    public static BufferedWriter newBufferedWriter(Path path, OpenOption... options)
            throws IOException {
        return newBufferedWriter(path, StandardCharsets.UTF_8, options);
    }

    /**
     * Opens a file to write text; otherwise as {@link #newOutputStream}.
     *
     * @checkpoint always; each of its writes, too
     * @param path the file
     * @param charset its encoding
     * @param options how to open it; if none is given it is made, or emptied
     * @return the open file, buffered
     * @throws IOException if the system reports one
     */
    public static BufferedWriter newBufferedWriter(
            Path path, Charset charset, OpenOption... options) throws IOException {
        return new BufferedWriter(
                new OutputStreamWriter(newOutputStream(path, options), charset.newEncoder()));
    }

    /**
     * Reads a file of UTF-8 text line by line, as they are asked for.
     *
     * @checkpoint always; asking for lines, too, which throws {@link UncheckedIOException}
     * @param path the file
     * @return its lines; to be closed
     * @throws IOException if the system reports one
     */
    public static Stream<String> lines(Path path) throws IOException {
        return lines(path, StandardCharsets.UTF_8);
    }

    /**
     * Reads a file of text line by line; otherwise as {@link #lines(Path)}.
     *
     * @checkpoint always; asking for lines, too, which throws {@link UncheckedIOException}
     * @param path the file
     * @param charset its encoding
     * @return its lines; to be closed
     * @throws IOException if the system reports one
     */
    @SuppressWarnings("MustBeClosedChecker") // closed with the stream of lines
    public static Stream<String> lines(Path path, Charset charset) throws IOException {
        BufferedReader reader = newBufferedReader(path, charset);
        return reader.lines().onClose(() -> closeUnchecked(reader));
    }

    private static void closeUnchecked(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
