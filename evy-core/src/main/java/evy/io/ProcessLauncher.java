package evy.io;

import evy.internal.os.Descriptors;
import evy.internal.os.Pipes;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.util.List;

/** Starts processes, on a native thread, with streams that the current hub can wait for. */
/*
 * The JDK hides the numbers of its pipes. So where the hub polls numbers the pipes are made here,
 * and the child's ends are redirections to /proc/self/fd/N: what the JDK opens by that path is an
 * end of its own, which blocks, as programs expect of their standard streams, while ours does not.
 */
final class ProcessLauncher {
    private static final int NONE = -1;

    private final ProcessBuilder builder;

    // the starting thread only: ours, and the child's
    private final int[] ours = {NONE, NONE, NONE};
    private final int[] childs = {NONE, NONE, NONE};

    private ProcessLauncher(ProcessBuilder builder) {
        this.builder = builder;
    }

    static GreenProcess start(ProcessBuilder template) throws IOException {
        ProcessBuilder own = copy(template);
        if (GreenPipes.hubPollsNumbers() && OpenDescriptor.areListed()) {
            ProcessLauncher launcher = new ProcessLauncher(own);
            return launcher.adopt(Offload.open(launcher::launch, launcher::drop));
        }
        return threaded(own, Offload.open(own::start, ProcessLauncher::kill));
    }

    private static ProcessBuilder copy(ProcessBuilder template) {
        ProcessBuilder copy = new ProcessBuilder(List.copyOf(template.command()));
        copy.directory(template.directory());
        copy.environment().clear();
        copy.environment().putAll(template.environment());
        copy.redirectErrorStream(template.redirectErrorStream());
        copy.redirectInput(template.redirectInput());
        copy.redirectOutput(template.redirectOutput());
        copy.redirectError(template.redirectError());
        return copy;
    }

    private static void kill(Process process) throws IOException {
        process.toHandle().destroyForcibly();
        try (Closeable out = process.getOutputStream();
                Closeable in = process.getInputStream();
                Closeable err = process.getErrorStream()) {
            assert out != null && in != null && err != null;
        }
    }

    private static GreenProcess threaded(ProcessBuilder builder, Process process) {
        String who = "process " + process.pid();
        return new GreenProcess(
                builder.command(),
                process,
                pipe(new ThreadedOutput("stdin of " + who, process.getOutputStream())),
                pipe(new ThreadedInput("stdout of " + who, process.getInputStream())),
                pipe(new ThreadedInput("stderr of " + who, process.getErrorStream())));
    }

    private static GreenPipe pipe(RawStream raw) {
        return new GreenPipe(raw, native_(), GreenPipe.DEFAULT_BUFFER_SIZE);
    }

    private static Charset native_() {
        return Charset.forName(
                System.getProperty("native.encoding", Charset.defaultCharset().name()));
    }

    /* On a native thread. */
    private Process launch() throws IOException {
        boolean started = false;
        try {
            if (builder.redirectInput() == Redirect.PIPE) {
                Pipes.Ends ends = Pipes.open();
                ours[0] = ends.sink();
                childs[0] = ends.source();
                builder.redirectInput(file(ends.source()));
            }
            if (builder.redirectOutput() == Redirect.PIPE) {
                builder.redirectOutput(file(output(1)));
            }
            if (!builder.redirectErrorStream() && builder.redirectError() == Redirect.PIPE) {
                builder.redirectError(file(output(2)));
            }
            Process process = builder.start();
            started = true;
            return process;
        } finally {
            closeAll(childs);
            if (!started) {
                closeAll(ours);
            }
        }
    }

    private int output(int index) throws IOException {
        Pipes.Ends ends = Pipes.open();
        ours[index] = ends.source();
        childs[index] = ends.sink();
        return ends.sink();
    }

    private static File file(int fd) {
        return new File("/proc/self/fd/" + fd);
    }

    private static void closeAll(int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != NONE) {
                Descriptors.close(numbers[i]);
                numbers[i] = NONE;
            }
        }
    }

    private void drop(Process process) {
        process.toHandle().destroyForcibly();
        closeAll(ours);
    }

    private GreenProcess adopt(Process process) throws IOException {
        String who = " of process " + process.pid();
        @Nullable GreenPipe in = null;
        @Nullable GreenPipe out = null;
        boolean adopted = false;
        try {
            in = polled("stdin" + who, 0);
            out = polled("stdout" + who, 1);
            GreenPipe err = polled("stderr" + who, 2);
            adopted = true;
            return new GreenProcess(builder.command(), process, in, out, err);
        } finally {
            if (!adopted) {
                drop(process);
                try (Closeable first = in;
                        Closeable second = out) {
                    assert first != second || first == null;
                }
            }
        }
    }

    private GreenPipe polled(String name, int index) {
        int fd = ours[index];
        ours[index] = NONE;
        return pipe(fd == NONE ? new NoStream(name) : PolledStream.ofNumber(name, fd));
    }
}
