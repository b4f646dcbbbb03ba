package evy.patcher.replacements;

import evy.io.GreenPipe;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/**
 * A file whose reads hold up only the green thread that makes them. One of a FIFO that a green
 * thread opens has no descriptor and no channel.
 */
public class PatchedFileInput extends FileInputStream {
    private static final int TRANSFER_BYTES = 64 * 1024;

    private final @Nullable GreenPipe fifo;

    /**
     * As {@link FileInputStream#FileInputStream(String)}.
     *
     * @param name see there
     * @throws FileNotFoundException see there
     */
    public PatchedFileInput(String name) throws FileNotFoundException {
        super(name);
        fifo = null;
    }

    /**
     * As {@link FileInputStream#FileInputStream(File)}.
     *
     * @param file see there
     * @throws FileNotFoundException see there
     */
    public PatchedFileInput(File file) throws FileNotFoundException {
        super(file);
        fifo = null;
    }

    /**
     * As {@link FileInputStream#FileInputStream(FileDescriptor)}.
     *
     * @param descriptor see there
     */
    public PatchedFileInput(FileDescriptor descriptor) {
        super(descriptor);
        fifo = null;
    }

    private PatchedFileInput(GreenPipe fifo) {
        super(new FileDescriptor()); // to open it here, too, might be to wait for a second writer
        this.fifo = fifo;
    }

    /**
     * As {@link FileInputStream#FileInputStream(String)}.
     *
     * @param name see there
     * @return the stream
     * @throws IOException see there
     */
    public static FileInputStream construct(String name) throws IOException {
        return construct(new File(name));
    }

    /**
     * As {@link FileInputStream#FileInputStream(File)}.
     *
     * @param file see there
     * @return the stream
     * @throws IOException see there
     */
    public static FileInputStream construct(File file) throws IOException {
        return Offloaded.isFifo(file)
                ? new PatchedFileInput(GreenPipe.open(file.toPath(), "r"))
                : Offloaded.open(() -> new PatchedFileInput(file));
    }

    /**
     * As {@link FileInputStream#FileInputStream(FileDescriptor)}.
     *
     * @param descriptor see there
     * @return the stream
     */
    public static FileInputStream construct(FileDescriptor descriptor) {
        return new PatchedFileInput(descriptor);
    }

    private @Nullable InputStream fifo() {
        return fifo == null ? null : fifo.inputStream();
    }

    @Override
    public int read() throws IOException {
        InputStream in = fifo();
        return in == null ? Offloaded.call(() -> super.read()) : in.read();
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        return read(bytes, 0, bytes.length);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        InputStream in = fifo();
        return in == null
                ? Offloaded.call(() -> super.read(bytes, offset, length))
                : in.read(bytes, offset, length);
    }

    @Override
    public byte[] readAllBytes() throws IOException {
        InputStream in = fifo();
        return in == null ? Offloaded.call(() -> super.readAllBytes()) : in.readAllBytes();
    }

    @Override
    public byte[] readNBytes(int length) throws IOException {
        InputStream in = fifo();
        return in == null ? Offloaded.call(() -> super.readNBytes(length)) : in.readNBytes(length);
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
        Objects.requireNonNull(out, "out");
        byte[] buffer = new byte[TRANSFER_BYTES];
        long total = 0;
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            out.write(buffer, 0, n);
            total += n;
        }
        return total;
    }

    @Override
    public long skip(long count) throws IOException {
        InputStream in = fifo();
        return in == null ? Offloaded.call(() -> super.skip(count)) : in.skip(count);
    }

    @Override
    public int available() throws IOException {
        InputStream in = fifo();
        return in == null ? Offloaded.call(() -> super.available()) : in.available();
    }

    @Override
    public void close() throws IOException {
        if (fifo != null) {
            fifo.close();
        }
        Offloaded.run(() -> super.close());
    }
}
