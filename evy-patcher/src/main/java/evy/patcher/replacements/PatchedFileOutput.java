package evy.patcher.replacements;

import evy.io.GreenPipe;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * A file whose writes hold up only the green thread that makes them. One of a FIFO that a green
 * thread opens has no descriptor and no channel.
 */
public class PatchedFileOutput extends FileOutputStream {
    private final @Nullable GreenPipe fifo;

    /**
     * As {@link FileOutputStream#FileOutputStream(String)}.
     *
     * @param name see there
     * @throws FileNotFoundException see there
     */
    public PatchedFileOutput(String name) throws FileNotFoundException {
        super(name);
        fifo = null;
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(String, boolean)}.
     *
     * @param name see there
     * @param append see there
     * @throws FileNotFoundException see there
     */
    public PatchedFileOutput(String name, boolean append) throws FileNotFoundException {
        super(name, append);
        fifo = null;
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(File)}.
     *
     * @param file see there
     * @throws FileNotFoundException see there
     */
    public PatchedFileOutput(File file) throws FileNotFoundException {
        super(file);
        fifo = null;
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(File, boolean)}.
     *
     * @param file see there
     * @param append see there
     * @throws FileNotFoundException see there
     */
    public PatchedFileOutput(File file, boolean append) throws FileNotFoundException {
        super(file, append);
        fifo = null;
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(FileDescriptor)}.
     *
     * @param descriptor see there
     */
    public PatchedFileOutput(FileDescriptor descriptor) {
        super(descriptor);
        fifo = null;
    }

    private PatchedFileOutput(GreenPipe fifo) {
        super(new FileDescriptor()); // to open it here, too, might be to wait for a second reader
        this.fifo = fifo;
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(String)}.
     *
     * @param name see there
     * @return the stream
     * @throws IOException see there
     */
    public static FileOutputStream construct(String name) throws IOException {
        return construct(new File(name), false);
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(String, boolean)}.
     *
     * @param name see there
     * @param append see there
     * @return the stream
     * @throws IOException see there
     */
    public static FileOutputStream construct(String name, boolean append) throws IOException {
        return construct(new File(name), append);
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(File)}.
     *
     * @param file see there
     * @return the stream
     * @throws IOException see there
     */
    public static FileOutputStream construct(File file) throws IOException {
        return construct(file, false);
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(File, boolean)}.
     *
     * @param file see there
     * @param append see there
     * @return the stream
     * @throws IOException see there
     */
    public static FileOutputStream construct(File file, boolean append) throws IOException {
        return Offloaded.isFifo(file)
                ? new PatchedFileOutput(GreenPipe.open(file.toPath(), "w"))
                : Offloaded.open(() -> new PatchedFileOutput(file, append));
    }

    /**
     * As {@link FileOutputStream#FileOutputStream(FileDescriptor)}.
     *
     * @param descriptor see there
     * @return the stream
     */
    public static FileOutputStream construct(FileDescriptor descriptor) {
        return new PatchedFileOutput(descriptor);
    }

    @Override
    public void write(int value) throws IOException {
        if (fifo == null) {
            Offloaded.run(() -> super.write(value));
        } else {
            fifo.outputStream().write(value);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (fifo == null) {
            Offloaded.run(() -> super.write(bytes, offset, length));
        } else {
            fifo.write(bytes, offset, length);
        }
    }

    @Override
    public void close() throws IOException {
        if (fifo != null) {
            fifo.close();
        }
        Offloaded.run(() -> super.close());
    }
}
