package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Measures which calls of the JDK let other green threads run, and writes the page that says so.
 */
@ExtendWith(LeakCheckExtension.class)
class PatchedTableIT {
    private static final String GREEN = "green";
    private static final String BLOCKS = "blocks";

    /** A call, what becomes of it without the agent and with it, and what to use without. */
    enum Row {
        SLEEP("`Thread.sleep`, `LockSupport.parkNanos`", GREEN, GREEN, "`Evy.sleep`"),
        WAIT("`synchronized`, `Object.wait`", GREEN, GREEN, "`Semaphore`, `Event`"),
        QUEUE("`ReentrantLock`, `BlockingQueue.poll`", GREEN, GREEN, "`evy.sync`"),
        FUTURE("`CompletableFuture.get`", GREEN, GREEN, "`GreenThread.get`"),
        PIPED("`PipedInputStream.read`", GREEN, GREEN, "`GreenPipes`"),
        INITIALISER("anything in a class initialiser", BLOCKS, BLOCKS, "a method"),
        SOCKET("`Socket`: read", GREEN, GREEN, "`GreenSocket`"),
        ACCEPT("`ServerSocket.accept`", GREEN, GREEN, "`GreenServerSocket`"),
        DATAGRAM("`DatagramSocket.receive`", GREEN, GREEN, "`GreenDatagramSocket`"),
        CHANNEL("`SocketChannel.read`", GREEN, GREEN, "`GreenSocket`"),
        SELECTOR("`Selector.select`", GREEN, GREEN, "a green thread for each socket"),
        PIPE("`Pipe.SourceChannel.read`", GREEN, GREEN, "`GreenPipes`"),
        LOOKUP("`InetAddress.getAllByName`", GREEN, GREEN, "`Dns`"),
        INTERFACES("`NetworkInterface.getNetworkInterfaces`", BLOCKS, BLOCKS, "`Tpool.execute`"),
        START("`ProcessBuilder.start`", BLOCKS, GREEN, "`GreenProcess`"),
        WAIT_FOR("`Process.waitFor`", GREEN, GREEN, "`GreenProcess`"),
        ON_EXIT("`Process.onExit().get()`", GREEN, GREEN, "`GreenProcess`"),
        PROCESS_INPUT("reads of a process's output", BLOCKS, GREEN, "`GreenProcess`"),
        PROCESS_OUTPUT("writes to a process that does not read", BLOCKS, GREEN, "`GreenProcess`"),
        FIFO_OPEN("opening a FIFO", BLOCKS, GREEN, "`GreenFiles`"),
        FIFO("`FileInputStream` on a FIFO", BLOCKS, GREEN, "`GreenPipe`"),
        FIFO_CHANNEL("`FileChannel` on a FIFO", BLOCKS, GREEN, "`GreenPipe`"),
        STANDARD_INPUT("`System.in`, a pipe", BLOCKS, GREEN, "`StandardStreams`"),
        FILE_OUTPUT("`FileOutputStream`: large writes", BLOCKS, GREEN, "`GreenFiles`"),
        FILE_INPUT("`FileInputStream`: large reads", BLOCKS, GREEN, "`GreenFiles`"),
        RANDOM_ACCESS("`RandomAccessFile`: large reads", BLOCKS, GREEN, "`GreenFiles`"),
        FILES("`Files.readAllBytes`, `Files.write`", BLOCKS, GREEN, "`GreenFiles`"),
        FILES_CHANGE("`Files.createFile`, `Files.delete`", BLOCKS, GREEN, "`Tpool.execute`"),
        COPY("`Files.copy`", BLOCKS, GREEN, "`Tpool.execute`"),
        FORCE("`FileChannel.force`", BLOCKS, GREEN, "`Tpool.execute`"),
        ASYNCHRONOUS("`AsynchronousFileChannel.read().get()`", GREEN, GREEN, ""),
        LOCK("`FileChannel.lock`", BLOCKS, GREEN, "`Tpool.execute`"),
        OLD_FILE("`java.io.File.listFiles`", BLOCKS, BLOCKS, "`java.nio.file.Files`"),
        JAR("`JarFile`", BLOCKS, BLOCKS, "`Tpool.execute`"),
        WATCH("`WatchService.take`", GREEN, GREEN, ""),
        RANDOM("`SecureRandom`", BLOCKS, BLOCKS, "`Tpool.execute`");

        private final String call;
        private final String plain;
        private final String patched;
        private final String ours;

        Row(String call, String plain, String patched, String ours) {
            this.call = call;
            this.plain = plain;
            this.patched = patched;
            this.ours = ours;
        }

        boolean isGreen(boolean isPatched) {
            return (isPatched ? patched : plain).equals(GREEN);
        }

        private String line() {
            return "| " + call + " | " + plain + " | " + patched + " | " + ours + " |";
        }
    }

    private static final String HEAD =
            """
            # What is green

            Written by `PatchedTableIT`, which makes each call on a green thread beside another that takes
            turns: without the agent, and with `-javaagent:evy.jar`. *green*: the other one runs on meanwhile.
            *blocks*: it does not, the call keeps the hub until it is done.

            | call of the JDK | alone | with the agent | instead, without the agent |
            | --- | --- | --- | --- |
            """;

    private static final String FOOT =
            """

            Sockets are green either way; with the agent they wait by the hub's own poller, and a timeout or a
            kill ends the wait without closing the socket.

            What the table calls *blocks* with the agent is short, or has to be:

            - A class initialiser keeps the thread that carries it; so do other native frames. Calls of files
              are made in place there. While such a thread waits for anything else the hub's timers and
              descriptors are served, but no other green thread runs.
            - Small reads of what is in memory, small writes, looks at paths that the system knows, all of
              `java.io.File`, archives and standard output are done in place: that takes no longer than to
              ask another thread. Every half a megabyte the others get a turn.
            - While a thread holds a monitor, or writes a log, calls of files are made in place, too: a class
              initialiser that wants the same lock would keep the hub, and nobody could let go of it.
            """;

    @Test
    @Spec({"PATCH1", "PATCH14", "MODS2"})
    void table_ofTheJdksCalls_isAsDocumented() throws Exception {
        Map<Row, String> plain;
        Map<Row, String> patched;
        try (ChildJvm child = ChildJvm.plain(PatchedTableProgram.class)) {
            plain = read(child.outOfSuccess());
        }
        try (ChildJvm child = ChildJvm.patched(PatchedTableProgram.class)) {
            patched = read(child.outOfSuccess());
        }

        for (Row row : Row.values()) {
            assertThat(plain).as("without the agent").containsEntry(row, row.plain);
            assertThat(patched).as("with the agent").containsEntry(row, row.patched);
        }
        write();
    }

    private static Map<Row, String> read(String out) {
        Map<Row, String> verdicts = new EnumMap<>(Row.class);
        for (String line : out.lines().toList()) {
            String[] parts = line.split("\t");
            verdicts.put(Row.valueOf(parts[0]), parts[1]);
        }
        return verdicts;
    }

    private static void write() throws Exception {
        String page =
                Arrays.stream(Row.values())
                        .map(Row::line)
                        .collect(Collectors.joining("\n", HEAD, "\n" + FOOT));
        Path file = Path.of(System.getProperty("evy.root"), "docs", "patched.md");
        if (!Files.exists(file) || !Files.readString(file).equals(page)) {
            Files.writeString(file, page);
        }
    }
}
