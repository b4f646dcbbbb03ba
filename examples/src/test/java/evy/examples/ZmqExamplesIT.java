package evy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The examples that talk by ZeroMQ, from outside. */
@Spec("EX2")
class ZmqExamplesIT {
    @Test
    void zmqSimple_ends_eachHasHeardTheOtherTenTimes() throws Exception {
        try (var example = Example.start("ZmqSimple")) {
            assertThat(example.awaitEnd()).as(example.output()).isZero();

            var lines = example.output().lines().toList();
            assertThat(lines).filteredOn("Alice got: HI"::equals).hasSize(10);
            assertThat(lines).filteredOn("Bob got: HI BACK"::equals).hasSize(10);
        }
    }

    @Test
    void zmqChat_lines_reachEverybodyUnderAName() throws Exception {
        try (var server = Example.serve("ZmqChat");
                var alice = server.connect();
                var bob = server.connect()) {
            server.await("^Participant joined chat", 2);
            say(bob, "me");
            var heard = reader(bob);
            assertThat(await(heard, "someone: me")).isNotNull(); // so Bob is in the room

            say(alice, "name: Alice");
            say(alice, "hello");

            assertThat(heard.readLine()).isEqualTo("Alice: name: Alice");
            assertThat(heard.readLine()).isEqualTo("Alice: hello");
            server.await("^Alice: hello$");
        }
    }

    @Test
    void zmqChat_participantBreaksOff_othersGoOn() throws Exception {
        try (var server = Example.serve("ZmqChat");
                var bob = server.connect()) {
            var rude = server.connect();
            server.await("^Participant joined chat", 2);
            say(rude, "I am off");
            rude.setSoLinger(true, 0);
            rude.close();
            server.await("^Participant left chat");

            say(bob, "still here");

            assertThat(await(reader(bob), "someone: still here")).isNotNull();
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String await(BufferedReader reader, String wanted) throws IOException {
        var line = reader.readLine();
        while (line != null && !line.equals(wanted)) {
            line = reader.readLine();
        }
        return line;
    }

    @Test
    void distributedWebSocketChat_twoServers_oneChat() throws Exception {
        try (var exchange = exchange();
                var one = server(exchange);
                var other = server(exchange);
                var client = HttpClient.newHttpClient()) {
            var alice = new Browser(client, one, "/chat");
            var bob = new Browser(client, other, "/chat");
            assertThat(alice.next()).startsWith("You are guest ");
            assertThat(bob.next()).startsWith("You are guest ");

            alice.say("name: Alice");
            alice.sayUntil("hello from one server", bob, "Alice: hello from one server");
            bob.sayUntil("hello from the other", alice, ": hello from the other");

            alice.breakOff();
            bob.sayUntil("is she gone?", bob, ": is she gone?");
            bob.breakOff();
        }
    }

    private static Example exchange() throws IOException {
        var any = "tcp://127.0.0.1:*";
        return Example.start("DistributedWebSocketChat", "exchange", any, any);
    }

    private static Example server(Example exchange) throws IOException, InterruptedException {
        var addresses = exchange.await("^exchange from (\\S+) to (\\S+)");
        return Example.serve("DistributedWebSocketChat", addresses.group(1), addresses.group(2));
    }

    @Test
    void main_wrongPort_saysSoInOneLine() throws Exception {
        for (var name : List.of("ZmqChat", "DistributedWebSocketChat")) {
            try (var example = Example.start(name, "x")) {
                assertThat(example.awaitEnd()).isEqualTo(2);
                assertThat(example.output())
                        .isEqualTo("a port is a number from 0 to 65535, not 'x'");
            }
        }
    }
}
