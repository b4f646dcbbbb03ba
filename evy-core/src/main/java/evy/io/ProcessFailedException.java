package evy.io;

import java.io.IOException;
import java.util.List;

/** Says that a process that should have succeeded has not. */
public final class ProcessFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> command;
    private final transient int exitValue;
    private final transient byte[] output;
    private final transient byte[] error;

    ProcessFailedException(List<String> command, int exitValue, byte[] output, byte[] error) {
        super(command + " ended with exit value " + exitValue);
        this.command = command;
        this.exitValue = exitValue;
        this.output = output;
        this.error = error;
    }

    /** {@return program and arguments} */
    public List<String> command() {
        return command;
    }

    /** {@return its exit value} */
    public int exitValue() {
        return exitValue;
    }

    /** {@return what it wrote to its standard output; nothing if that was not read} */
    public byte[] output() {
        return output.clone();
    }

    /** {@return what it wrote to its standard error; nothing if that was not read} */
    public byte[] error() {
        return error.clone();
    }
}
