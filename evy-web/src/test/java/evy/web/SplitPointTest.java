package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/** However the bytes of requests are cut into pieces, the bytes of the responses are the same. */
@ExtendWith(LeakCheckExtension.class)
class SplitPointTest {
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    /** Requests of all kinds on one connection, the last of them refused. */
    private static final byte[] CONVERSATION =
            Servers.bytes(
                    Servers.get("/one?two", "A: b", "C: d")
                            + "\r\n"
                            + Servers.request("POST", "/sized", "Content-Length: 11")
                            + "hello world"
                            + Servers.request("PUT", "/chunked", CHUNKED)
                            + "3;a=b\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nT: 1\r\n\r\n"
                            + Servers.request("POST", "/unread", "Content-Length: 20")
                            + "GET /no HTTP/1.1\r\n\r\n"
                            + Servers.request("HEAD", "/head", "Connection: keep-alive")
                            + "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                            + Servers.request("POST", "/bad", CHUNKED)
                            + "3\r\nabcd\r\n0\r\n\r\n"
                            + Servers.get("/never"));

    private static Response answer(Request request) throws IOException {
        Response response =
                request.path().equals("/unread")
                        ? Response.chunks(List.of(Servers.bytes("not "), Servers.bytes("read")))
                        : Servers.echo(request);
        return response;
    }

    private static String answers(MemorySocket client) throws InterruptedException {
        return client.response().replaceAll("Date: [^\r]*\r\n", "");
    }

    @Test
    void conversation_cutInTwoAnywhere_isAnsweredAlike() throws Exception {
        try (var listener = new MemoryListener();
                var server = WebServer.start(listener, SplitPointTest::answer, Servers.QUIET)) {
            String whole = answers(listener.connect(CONVERSATION));

            assertThat(whole).contains("/one?two", "hello world", "T", "not read", "/old", " 400 ");
            assertThat(whole).doesNotContain("/never").doesNotContain("/no ");
            for (int cut = 1; cut < CONVERSATION.length; cut++) {
                String cutInTwo = answers(listener.connect(CONVERSATION, cut));
                assertThat(cutInTwo).as("cut at %d", cut).isEqualTo(whole);
            }
            assertThat(server.isAccepting()).isTrue();
        }
    }

    @Test
    void conversation_byteByByte_isAnsweredAlike() throws Exception {
        int[] every = new int[CONVERSATION.length];
        for (int i = 0; i < every.length; i++) {
            every[i] = i + 1;
        }
        try (var listener = new MemoryListener();
                var server = WebServer.start(listener, SplitPointTest::answer, Servers.QUIET)) {
            String whole = answers(listener.connect(CONVERSATION));

            assertThat(answers(listener.connect(CONVERSATION, every))).isEqualTo(whole);
            assertThat(server.isAccepting()).isTrue();
        }
    }

    @Test
    void conversation_cutAtRandom_isAnsweredAlike() throws Exception {
        try (var listener = new MemoryListener();
                var server = WebServer.start(listener, SplitPointTest::answer, Servers.QUIET)) {
            String whole = answers(listener.connect(CONVERSATION));
            for (int seed = 0; seed < 300; seed++) {
                int[] cuts =
                        new Random(seed)
                                .ints(1 + seed % 9, 1, CONVERSATION.length)
                                .sorted()
                                .toArray();
                String pieces = answers(listener.connect(CONVERSATION, cuts));
                assertThat(pieces).as("seed %d", seed).isEqualTo(whole);
            }
            assertThat(server.isAccepting()).isTrue();
        }
    }
}
