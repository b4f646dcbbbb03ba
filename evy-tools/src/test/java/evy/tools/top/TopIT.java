package evy.tools.top;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.internal.ChildCoverage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command {@code evy top} in a terminal, looking at another process. */
class TopIT {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** Waits for ever, and has no bean registered. */
    private static final String PROGRAM =
            "void main() throws Exception { IO.println(\"up\");"
                    + " evy.Evy.sleep(java.time.Duration.ofDays(1)); }";

    /*
     * Runs a command in a terminal of its own: for each step waits until a text is shown, then does
     * something: sends keys, sets the size, sends a signal. Says how it ended, and whether the terminal's
     * settings are what they were.
     */
    private static final String DRIVER =
            """
            import fcntl, os, pty, select, signal, struct, sys, termios, time
            def size(fd, rows, columns):
                fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
            steps = [s.split('=>') for s in sys.argv[1].split(';;')]
            master, slave = pty.openpty()
            size(slave, 24, 100)
            before = termios.tcgetattr(slave)
            pid = os.fork()
            if pid == 0:
                os.setsid()
                signal.signal(signal.SIGINT, signal.SIG_DFL) # background jobs of a shell ignore it
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for fd in (0, 1, 2):
                    os.dup2(slave, fd)
                os.execvp(sys.argv[2], sys.argv[2:])
            seen, all, end = '', '', time.time() + 50
            while time.time() < end:
                if select.select([master], [], [], 0.1)[0]:
                    text = os.read(master, 65536).decode('utf-8', 'replace')
                    seen, all = seen + text, all + text
                if steps and steps[0][0] in seen:
                    what, seen = steps.pop(0)[1], ''
                    if what.startswith('size'):
                        size(slave, *map(int, what.split()[1:]))
                        os.kill(pid, signal.SIGWINCH)
                    elif what.startswith('kill'):
                        os.kill(int(what.split()[2]) if ' ' in what[5:] else pid, int(what.split()[1]))
                    elif what:
                        os.write(master, what.encode())
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    break
            else:
                os.kill(pid, 9)
                print('STUCK before', steps, repr(all[-3000:]))
                sys.exit(1)
            while select.select([master], [], [], 0.2)[0]:
                all += os.read(master, 65536).decode('utf-8', 'replace')
            sane = termios.tcgetattr(slave) == before
            left = all.rstrip().endswith('\\x1b[?25h\\x1b[?1049l')
            print('steps left', len(steps), 'status', os.waitstatus_to_exitcode(status),
                  'sane', sane, 'restored', left)
            """;

    @TempDir Path folder;

    private Process target;

    @BeforeEach
    void start() throws Exception {
        var source = Files.writeString(folder.resolve("Waits.java"), PROGRAM);
        var command = new ArrayList<>(java());
        command.addAll(List.of("evy.tools.Main", source.toString()));
        target = new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
        try (BufferedReader out = target.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");
        }
    }

    @AfterEach
    void end() throws Exception {
        target.destroyForcibly().waitFor();
    }

    @Test
    void top_pidWithoutTerminal_printsOneSnapshot() throws Exception {
        var said = run(top("--interval=0.2", pid()));

        assertThat(said)
                .contains("this is no terminal: one snapshot only", "process " + pid())
                .contains("evy-hub-1", "sleep")
                .doesNotContain("\033");
    }

    @Test
    void top_inTerminal_showsResizesFiltersAndQuits() throws Exception {
        var steps =
                "evy-hub-1=>h;;KEYS=>x;;evy-hub-1=>\033[A;;evy-hub-1=>b;;busiest first=>size 10 120"
                        + ";;evy-hub-1=>/;;filter:=>nobody\r;;0 with 'nobody'=>q";

        assertThat(inTerminal(steps, top("--interval=0.2", pid())))
                .contains("steps left 0 status 0 sane True restored True");
    }

    @Test
    void top_signals_leaveTheTerminalAsItWas() throws Exception {
        assertThat(inTerminal("evy-hub-1=>\3", top(pid())))
                .contains("steps left 0 status 130 sane True restored True");
        assertThat(inTerminal("evy-hub-1=>kill 15", top(pid())))
                .contains("steps left 0 status 143 sane True restored True");
    }

    @Test
    void top_targetDies_saysSoAndGoesOn() throws Exception {
        var steps = "evy-hub-1=>kill 9 " + pid() + ";;old figures=>q";

        assertThat(inTerminal(steps, top("--interval=0.2", pid())))
                .contains("steps left 0 status 0 sane True restored True");
    }

    @Test
    void top_processWithoutEvy_saysSo() throws Exception {
        var other = Files.writeString(folder.resolve("Other.java"), OTHER);
        var process = new ProcessBuilder(JAVA, other.toString()).start();
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");

            var said = run(top("--once", Long.toString(process.pid())));

            assertThat(said).contains("process " + process.pid() + ": no Evy runs in it");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static final String OTHER =
            "void main() throws Exception { IO.println(\"up\"); Thread.sleep(1000000); }";

    private String pid() {
        return Long.toString(target.pid());
    }

    private static List<String> java() {
        var command = new ArrayList<>(List.of(JAVA));
        command.addAll(ChildCoverage.flags());
        command.addAll(
                List.of(
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path")));
        return command;
    }

    private static List<String> top(String... arguments) {
        var command = new ArrayList<>(java());
        command.addAll(List.of("evy.tools.Main", "top"));
        command.addAll(List.of(arguments));
        return command;
    }

    private String inTerminal(String steps, List<String> program) throws Exception {
        var driver = Files.writeString(folder.resolve("driver.py"), DRIVER);
        var command = new ArrayList<>(List.of("python3", driver.toString(), steps));
        command.addAll(program);
        try {
            return run(command);
        } catch (IOException e) {
            Assumptions.abort("no python3 to make a terminal with: " + e.getMessage());
            throw e;
        }
    }

    private static String run(List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        var process = builder.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
