package evy.tools.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.management.ObjectName;

/** Where {@code evy top} gets its figures from, and what it makes of odd answers. */
@ExtendWith(LeakCheckExtension.class)
class SourcesTest {
    private static final Question QUESTION = new Question(5, Question.Order.BUSY, "a b");
    private static final String OVERVIEW =
            """
            {"process":{"pid":7,"name":"shop.Main","uptime_ms":61000},"hubs":[],"states":{},
             "kinds":{},"green_threads":[],"matching":0,"tpool":{"size":20},"watched":true,
             "blocks":[]}
            """;

    @TempDir Path folder;

    @Test
    void read_http_sendsQuestionAndToken() throws Exception {
        try (var server = new Answers(loopback(), ok(OVERVIEW));
                var source = TopOptions.of(List.of(server.place()), "secret").source()) {
            assertThat(source.read(QUESTION)).isEqualTo(OVERVIEW);

            assertThat(server.asked())
                    .startsWith("GET /debug/overview.json?rows=5&order=busy&filter=a+b HTTP/1.1")
                    .contains("Authorization: Bearer secret\r\n");
        }
    }

    @Test
    void read_urlWithoutSlash_isAFolder() throws Exception {
        try (var server = new Answers(loopback(), ok("{}"));
                var source =
                        TopOptions.of(List.of("http://" + server.place() + "/inside"), null)
                                .source()) {
            assertThat(source.read(QUESTION)).isEqualTo("{}");

            assertThat(server.asked())
                    .startsWith("GET /inside/overview.json?")
                    .doesNotContain("Authorization");
        }
    }

    @Test
    void read_unixSocket_sendsQuestionAndToken() throws Exception {
        var file = folder.resolve("app.sock");
        try (var server = new Answers(UnixDomainSocketAddress.of(file), ok("{}"));
                var source = TopOptions.of(List.of(file.toString()), "secret").source()) {
            assertThat(source.read(QUESTION)).isEqualTo("{}");

            assertThat(server.asked())
                    .startsWith("GET /debug/overview.json?rows=5&order=busy&filter=a+b HTTP/1.0")
                    .contains("Authorization: Bearer secret\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200", "HTTP/1.\r\n\r\n"})
    void read_unixSocketOfAnotherKind_saysSo(String answer) throws Exception {
        var file = folder.resolve("app.sock");
        try (var server = new Answers(UnixDomainSocketAddress.of(file), answer);
                var source = new UnixSource(file, null)) {
            assertThatThrownBy(() -> source.read(QUESTION))
                    .isInstanceOf(IOException.class)
                    .hasMessage(file + ": what answers there speaks no HTTP");
            assertThat(server.asked()).doesNotContain("Authorization");
        }
    }

    @Test
    void read_unixSocketWithOddStatus_showsItHarmless() throws Exception {
        var file = folder.resolve("app.sock");
        try (var _ = new Answers(UnixDomainSocketAddress.of(file), "HTTP/1.1 \033[3 x\r\n\r\n");
                var source = new UnixSource(file, null)) {
            assertThatThrownBy(() -> source.read(QUESTION))
                    .isInstanceOf(IOException.class)
                    .hasMessage(file + ": status '?[3'");
        }
    }

    @Test
    void read_nobodyThere_saysWhere() throws Exception {
        var file = folder.resolve("none.sock");
        String place;
        try (var server = new Answers(loopback(), "")) {
            place = server.place();
        }
        try (var unix = new UnixSource(file, null);
                var http = TopOptions.of(List.of(place), null).source()) {
            assertThatThrownBy(() -> unix.read(QUESTION))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + ": ");
            assertThatThrownBy(() -> http.read(QUESTION))
                    .isInstanceOf(IOException.class)
                    .hasMessage("nobody listens at " + place);
        }
    }

    @Test
    void read_interrupted_ends() throws Exception {
        try (var silent = new Answers(loopback());
                var source = TopOptions.of(List.of(silent.place()), null).source()) {
            Thread.currentThread().interrupt();

            var thrown = catchThrowable(() -> source.read(QUESTION));

            boolean _ = Thread.interrupted(); // the server's end is waited for
            assertThat(thrown).isInstanceOf(InterruptedIOException.class);
        } finally {
            boolean _ = Thread.interrupted();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | hello | no debug pages at there: the answer is no JSON",
                "401 | no | there wants a token, or another one; use --token",
                "403 | not from here | there: not from here",
                "404 | no | no debug pages at there; have the program serve evy.web.DebugPages"
                        + " there",
                "500 | '{\"a\":1}' | there: status 500 {\"a\":1}"
            })
    void check_noOverview_saysWhatToDo(int status, String body, String message) {
        assertThatThrownBy(() -> DebugAnswer.check(status, body, "there"))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @Test
    void check_longReason_isCut() {
        assertThatThrownBy(() -> DebugAnswer.check(403, "x".repeat(5000) + "\nsecond", "there"))
                .hasMessage("there: " + "x".repeat(200));
        assertThatThrownBy(() -> DebugAnswer.check(503, "", "there"))
                .hasMessage("there: status 503 ");
    }

    @Test
    void read_processThatCannotBeAttachedTo_saysSo() {
        var self = ProcessHandle.current().pid(); // no JVM lets itself be attached to by itself
        try (var source = new JvmSource(self)) {
            assertThatThrownBy(() -> source.read(QUESTION))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "process " + self + ": cannot attach, is it a JVM of this user? ");
        }
    }

    @Test
    void agent_programWithEvy_registersItsBean() throws Exception {
        var beans = ManagementFactory.getPlatformMBeanServer();
        var name = new ObjectName("evy:type=Debug");
        assertThat(beans.isRegistered(name)).isFalse();

        BeanAgent.agentmain("", programOf(String.class));
        assertThat(beans.isRegistered(name)).as("without Evy").isFalse();

        BeanAgent.agentmain("", programOf(String.class, Hub.class));
        try {
            assertThat(beans.isRegistered(name)).isTrue();
        } finally {
            beans.unregisterMBean(name);
        }
    }

    /** A program that has loaded these classes. */
    private static Instrumentation programOf(Class<?>... loaded) {
        return (Instrumentation)
                Proxy.newProxyInstance(
                        SourcesTest.class.getClassLoader(),
                        new Class<?>[] {Instrumentation.class},
                        (_, method, _) -> {
                            assertThat(method.getName()).isEqualTo("getAllLoadedClasses");
                            return loaded;
                        });
    }

    @Test
    void options_all_areRead() {
        var options =
                TopOptions.of(
                        List.of("--once", "--interval=0.5", "--order=newest", "--filter=x=y", "7"),
                        "secret");

        assertThat(options)
                .isEqualTo(
                        new TopOptions(
                                "7",
                                Duration.ofMillis(500),
                                true,
                                "secret",
                                Question.Order.NEWEST,
                                "x=y"));
    }

    @Test
    void options_hugePid_isNoProcess() {
        var options = TopOptions.of(List.of("99999999999999999999"), null);

        assertThatThrownBy(options::source)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no process 99999999999999999999");
    }

    @Test
    void run_once_printsTheSecondLook() throws Exception {
        var out = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        try (var server = new Answers(loopback(), ok(OVERVIEW), ok(OVERVIEW))) {
            var arguments = List.of("--once", "--interval=0.1", server.place());

            var status = Top.run(arguments, "secret", print(out), print(errors));

            assertThat(status).isZero();
            assertThat(text(out)).contains("process 7", "no hub is open").doesNotContain("\033");
            assertThat(text(errors)).isEmpty();
            assertThat(server.asked()).contains("rows=", "Bearer secret");
            assertThat(server.asked()).contains("rows=");
        }
    }

    @Test
    void run_refused_failsAndSaysWhatToDo() throws Exception {
        var out = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        try (var server = new Answers(loopback(), answer("401 Unauthorized", "no"))) {
            var arguments = List.of("--once", server.place());

            var status = Top.run(arguments, null, print(out), print(errors));

            assertThat(status).isEqualTo(1);
            assertThat(text(out)).isEmpty();
            assertThat(text(errors)).startsWith("evy: top: http://").contains("use --token");
        }
    }

    @Test
    void look_anyFailure_isHeard() {
        assertThat(heard(new IOException("gone"))).isEqualTo("gone");
        assertThat(heard(new IOException())).isEqualTo("java.io.IOException");
        assertThat(heard(new IllegalStateException("odd")))
                .isEqualTo("java.lang.IllegalStateException: odd");
    }

    private static String heard(Exception thrown) {
        var watcher = new Watcher(new Scripted(thrown), Duration.ofDays(1), QUESTION, _ -> {});
        return ((Watcher.Heard.Failure) watcher.look()).why();
    }

    @Test
    void ask_whileItWaits_asksAtOnce() throws Exception {
        var heard = new LinkedBlockingQueue<Watcher.Heard>();
        var source = new Scripted(null);
        var watcher = new Watcher(source, Duration.ofDays(1), QUESTION, heard::add);
        var other = new Question(5, Question.Order.NEWEST, "");
        var thread = Thread.ofPlatform().daemon().start(watcher);
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isInstanceOf(Watcher.Heard.Answer.class);

        while (heard.isEmpty()) { // it may not wait yet
            watcher.ask(other);
            Thread.onSpinWait();
        }

        assertThat(source.asked.take()).isEqualTo(QUESTION);
        assertThat(source.asked.take()).isEqualTo(other);
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static String ok(String body) {
        return answer("200 OK", body);
    }

    private static String answer(String status, String body) {
        return String.format(
                Locale.ROOT,
                "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
                status,
                body.length(),
                body);
    }

    private static PrintStream print(ByteArrayOutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Answers an overview, or throws. */
    private static final class Scripted implements Source {
        final LinkedBlockingQueue<Question> asked = new LinkedBlockingQueue<>();
        private final Exception thrown;

        Scripted(Exception thrown) {
            this.thrown = thrown;
        }

        @Override
        public String read(Question question) throws IOException {
            asked.add(question);
            if (thrown instanceof IOException e) {
                throw e;
            }
            if (thrown instanceof RuntimeException e) {
                throw e;
            }
            return OVERVIEW;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    /** A server that gives these answers, one a connection, and keeps what it was asked. */
    private static final class Answers implements AutoCloseable {
        private final ServerSocketChannel listener;
        private final ArrayBlockingQueue<String> asked = new ArrayBlockingQueue<>(10);
        private final Thread thread;

        Answers(SocketAddress address, String... answers) throws IOException {
            listener =
                    address instanceof UnixDomainSocketAddress
                            ? ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                            : ServerSocketChannel.open();
            listener.bind(address);
            thread = Thread.ofPlatform().daemon().start(() -> serve(answers));
        }

        private void serve(String... answers) {
            try {
                for (var answer : answers) {
                    try (var channel = listener.accept()) {
                        var request = new StringBuilder();
                        var buffer = ByteBuffer.allocate(1);
                        while (request.indexOf("\r\n\r\n") < 0 && channel.read(buffer) > 0) {
                            request.append((char) buffer.flip().get());
                            buffer.clear();
                        }
                        asked.add(request.toString());
                        channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                    }
                }
            } catch (IOException e) {
                return; // closed
            }
        }

        String place() throws IOException {
            return "127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort();
        }

        String asked() throws InterruptedException {
            var text = asked.poll(30, TimeUnit.SECONDS);
            assertThat(text).as("a request").isNotNull();
            return text;
        }

        @Override
        public void close() throws Exception {
            listener.close();
            thread.join();
        }
    }
}
