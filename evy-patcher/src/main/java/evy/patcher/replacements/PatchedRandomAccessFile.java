package evy.patcher.replacements;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;

/** A file whose reads and writes hold up only the green thread that makes them. */
public class PatchedRandomAccessFile extends RandomAccessFile {
    /**
     * As {@link RandomAccessFile#RandomAccessFile(String, String)}.
     *
     * @param name see there
     * @param mode see there
     * @throws FileNotFoundException see there
     */
    public PatchedRandomAccessFile(String name, String mode) throws FileNotFoundException {
        super(name, mode);
    }

    /**
     * As {@link RandomAccessFile#RandomAccessFile(File, String)}.
     *
     * @param file see there
     * @param mode see there
     * @throws FileNotFoundException see there
     */
    public PatchedRandomAccessFile(File file, String mode) throws FileNotFoundException {
        super(file, mode);
    }

    /**
     * As {@link RandomAccessFile#RandomAccessFile(String, String)}.
     *
     * @param name see there
     * @param mode see there
     * @return the file
     * @throws IOException see there
     */
    public static RandomAccessFile construct(String name, String mode) throws IOException {
        return construct(new File(name), mode);
    }

    /**
     * As {@link RandomAccessFile#RandomAccessFile(File, String)}.
     *
     * @param file see there
     * @param mode see there
     * @return the file
     * @throws IOException see there
     */
    public static RandomAccessFile construct(File file, String mode) throws IOException {
        return Offloaded.open(() -> new PatchedRandomAccessFile(file, mode));
    }

    @Override
    public int read() throws IOException {
        return Offloaded.call(() -> super.read());
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        return Offloaded.call(() -> super.read(bytes));
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return Offloaded.call(() -> super.read(bytes, offset, length));
    }

    @Override
    public void write(int value) throws IOException {
        Offloaded.run(() -> super.write(value));
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        Offloaded.run(() -> super.write(bytes));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Offloaded.run(() -> super.write(bytes, offset, length));
    }

    @Override
    public void seek(long position) throws IOException {
        Offloaded.run(() -> super.seek(position));
    }

    @Override
    public long length() throws IOException {
        return Offloaded.call(() -> super.length());
    }

    @Override
    public void setLength(long length) throws IOException {
        Offloaded.run(() -> super.setLength(length));
    }

    @Override
    public void close() throws IOException {
        Offloaded.run(() -> super.close());
    }
}
