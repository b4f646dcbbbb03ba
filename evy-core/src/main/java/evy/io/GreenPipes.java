package evy.io;

import evy.hubs.Hub;
import evy.internal.os.Descriptors;
import evy.internal.os.Errno;
import evy.internal.os.Pipes;
import evy.internal.os.Platform;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.Pipe;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Makes {@link GreenPipe}s: finds out what it is, and how the current hub can wait for it. */
final class GreenPipes {
    private GreenPipes() {}

    /** Whether the current hub polls descriptor numbers; else native threads have to do it. */
    static boolean hubPollsNumbers() {
        return Hub.current().kind().equals("epoll");
    }

    static GreenPipe.Ends open() throws IOException {
        return hubPollsNumbers() ? openNumbers() : openChannels();
    }

    private static GreenPipe.Ends openNumbers() throws IOException {
        Pipes.Ends ends = Pipes.open();
        GreenPipe source;
        try {
            source = utf8(PolledStream.ofNumber("<fd:" + ends.source() + ">", ends.source()));
        } catch (RuntimeException | Error e) {
            Descriptors.close(ends.sink());
            throw e;
        }
        return new GreenPipe.Ends(
                source, utf8(PolledStream.ofNumber("<fd:" + ends.sink() + ">", ends.sink())));
    }

    private static GreenPipe.Ends openChannels() throws IOException {
        Pipe pipe = Pipe.open();
        return new GreenPipe.Ends(
                utf8(PolledStream.of("<pipe source>", pipe.source())),
                utf8(PolledStream.of("<pipe sink>", pipe.sink())));
    }

    private static GreenPipe utf8(RawStream raw) {
        return new GreenPipe(raw, StandardCharsets.UTF_8, GreenPipe.DEFAULT_BUFFER_SIZE);
    }

    static GreenPipe open(Path path, FileMode mode, Charset charset, int bufferSize)
            throws IOException {
        if (bufferSize < 0) {
            throw new IllegalArgumentException("buffer size must be >= 0: " + bufferSize);
        }
        String name = path.toString();
        RawStream raw =
                Offload.call(() -> isStream(path))
                        ? openStream(name, path.toFile(), mode)
                        : Offload.<RawStream>open(
                                () -> file(name, FileChannel.open(path, mode.options()), mode));
        return new GreenPipe(raw, charset, bufferSize);
    }

    private static boolean isStream(Path path) throws IOException {
        return Files.exists(path)
                && Files.readAttributes(path, BasicFileAttributes.class).isOther();
    }

    private static FileStream file(String name, FileChannel channel, FileMode mode)
            throws IOException {
        try {
            return new FileStream(name, channel, mode.appends());
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /* The JDK waits for the other end; once that is there, a number can be had without waiting. */
    private static RawStream openStream(String name, File file, FileMode mode) throws IOException {
        if (mode.reads() && mode.writes()) {
            throw new IllegalArgumentException(
                    name + " is a stream: open it to read (r) or to write (w), not both: " + mode);
        }
        if (mode.reads()) {
            FileInputStream in = FifoOpening.toRead(file);
            return hubPollsNumbers()
                    ? asNumber(name, file, false, in)
                    : new ThreadedInput(name, in);
        }
        FileOutputStream out = FifoOpening.toWrite(file);
        return hubPollsNumbers() ? asNumber(name, file, true, out) : new ThreadedOutput(name, out);
    }

    private static RawStream asNumber(String name, File file, boolean writing, AutoCloseable opened)
            throws IOException {
        try {
            return PolledStream.ofNumber(name, openNumber(file.getPath(), writing));
        } finally {
            closeQuietly(opened);
        }
    }

    private static int openNumber(String path, boolean writing) throws IOException {
        int fd = Pipes.open(path, writing);
        if (fd < 0) {
            throw new IOException(path + " (" + Errno.text(-fd) + ")");
        }
        return fd;
    }

    private static void closeQuietly(AutoCloseable opened) throws IOException {
        try {
            opened.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    static GreenPipe of(int fd, FileMode mode) throws IOException {
        OpenDescriptor open = OpenDescriptor.of(fd);
        String problem = Platform.unavailable();
        if (problem != null) {
            throw new UnsupportedOperationException("descriptor " + fd + ": " + problem);
        }
        open.requireOpenFor(mode);
        RawStream raw = open.isFile() ? reopenFile(open, mode) : reopenStream(open, mode);
        Descriptors.close(fd);
        return utf8(raw);
    }

    private static RawStream reopenFile(OpenDescriptor open, FileMode mode) throws IOException {
        return Offload.open(
                () -> {
                    FileChannel channel = FileChannel.open(open.path(), mode.optionsToReopen());
                    FileStream file = file(open.name(), channel, mode);
                    if (!mode.appends()) {
                        file.seek(open.position());
                    }
                    return file;
                });
    }

    private static RawStream reopenStream(OpenDescriptor open, FileMode mode) throws IOException {
        if (hubPollsNumbers() && mode.reads() != mode.writes()) {
            return PolledStream.ofNumber(
                    open.name(), openNumber(open.path().toString(), mode.writes()));
        }
        return openStream(open.name(), open.path().toFile(), mode);
    }

    static GreenPipe of(FileInputStream in) throws IOException {
        FileChannel channel = fileOrNull(in.getChannel());
        return utf8(
                channel == null
                        ? new ThreadedInput("<pipe>", in)
                        : file("<file>", channel, FileMode.R));
    }

    static GreenPipe of(FileOutputStream out) throws IOException {
        FileChannel channel = fileOrNull(out.getChannel());
        return utf8(
                channel == null
                        ? new ThreadedOutput("<pipe>", out)
                        : file("<file>", channel, FileMode.W));
    }

    static GreenPipe of(RandomAccessFile file, FileMode mode) throws IOException {
        FileChannel channel = file.getChannel();
        if (mode == FileMode.R_PLUS ? !isWritable(channel) : mode != FileMode.R) {
            throw new IllegalArgumentException("the file is not open for mode '" + mode + "'");
        }
        return utf8(file("<file>", channel, mode));
    }

    private static boolean isWritable(FileChannel channel) throws IOException {
        try {
            channel.write(ByteBuffer.allocate(0));
            return true;
        } catch (NonWritableChannelException e) {
            return false;
        }
    }

    /* A pipe has no position. */
    private static @Nullable FileChannel fileOrNull(FileChannel channel) throws IOException {
        if (!channel.isOpen()) {
            throw new IOException("the stream is closed");
        }
        try {
            return channel.position() >= 0 ? channel : null;
        } catch (IOException e) {
            return null;
        }
    }
}
