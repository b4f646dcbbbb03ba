package evy.web;

import static evy.web.Servers.repeat;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** What is not HTTP/1.1 by the letter is refused, and nothing behind it is taken for a request. */
@ExtendWith(LeakCheckExtension.class)
class RefusalTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    static Stream<Arguments> malformed() {
        return Stream.of(
                // request line
                refused(400, "no version", "GET /\r\nHost: a\r\n\r\n"),
                refused(400, "no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
                refused(400, "four words", "GET / x HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "tab for space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "space first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "method no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                refused(400, "bare CR", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "NUL in target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "beyond ASCII", "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "broken percent", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "no hexadecimal", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "authority for GET", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "path for CONNECT", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "no port for CONNECT", "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "other scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "no host in target", "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "user in target", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "small http", "GET / http/1.1\r\nHost: a\r\n\r\n"),
                refused(400, "no number", "GET / HTTP/1.x\r\nHost: a\r\n\r\n"),
                refused(400, "long number", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
                refused(505, "HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
                refused(505, "HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
                refused(505, "preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused(400, "TLS to a plain port", "\u0016\u0003\u0001\u0002\u0000\r\n"),
                refused(414, "long target", "GET /" + repeat("x", 9000) + " HTTP/1.1\r\n\r\n"),
                // header lines
                refused(400, "folded", head("A: b", " c")),
                refused(400, "folded first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
                refused(400, "space before colon", head("A : b")),
                refused(400, "tab before colon", head("A\t: b")),
                refused(400, "no colon", head("Abc")),
                refused(400, "no name", head(": b")),
                refused(400, "name no token", head("A(b): c")),
                refused(400, "NUL in name", head("A\0: b")),
                refused(400, "NUL in value", head("A: b\0c")),
                refused(400, "bell in value", head("A: b\u0007")),
                refused(400, "DEL in value", head("A: b\u007f")),
                refused(400, "bare CR in value", head("A: b\rc")),
                refused(400, "CR CR LF", head("A: b\r")),
                refused(400, "bare LF in header", "GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n"),
                refused(400, "LF LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                refused(431, "long line", head("A: " + repeat("x", 9000))),
                refused(431, "many lines", head(repeat("A: b\r\n", 100) + "A: b")),
                refused(431, "much in all", head(repeat("A: " + repeat("x", 8000) + "\r\n", 9))),
                // host
                refused(400, "no host", "GET / HTTP/1.1\r\n\r\n"),
                refused(400, "two hosts", head("Host: a")),
                refused(400, "list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                refused(400, "host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                refused(400, "host with user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
                refused(400, "host with wrong port", "GET / HTTP/1.1\r\nHost: a:x\r\n\r\n"),
                refused(400, "open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
                // length
                refused(400, "signed length", post("Content-Length: +5")),
                refused(400, "negative length", post("Content-Length: -5")),
                refused(400, "hexadecimal length", post("Content-Length: 0x5")),
                refused(400, "length with underscore", post("Content-Length: 1_0")),
                refused(400, "word for length", post("Content-Length: five")),
                refused(400, "empty length", post("Content-Length:")),
                refused(400, "blank length", post("Content-Length:   ")),
                refused(400, "fraction", post("Content-Length: 5.0")),
                refused(400, "overflow", post("Content-Length: 99999999999999999999")),
                refused(400, "wraps round", post("Content-Length: 18446744073709551621")),
                refused(400, "two lengths", post("Content-Length: 5", "Content-Length: 6")),
                refused(400, "same twice", post("Content-Length: 5", "Content-Length: 5")),
                refused(400, "list of lengths", post("Content-Length: 5, 5")),
                refused(413, "too large", post("Content-Length: 99999999999")),
                // transfer coding
                refused(400, "both", post("Content-Length: 5", "Transfer-Encoding: chunked")),
                refused(
                        400,
                        "both turned",
                        post("Transfer-Encoding: chunked", "Content-Length: 5")),
                refused(400, "not chunked", post("Transfer-Encoding: gzip")),
                refused(400, "identity", post("Transfer-Encoding: identity")),
                refused(400, "chunked not last", post("Transfer-Encoding: chunked, gzip")),
                refused(400, "chunked twice", post("Transfer-Encoding: chunked, chunked")),
                refused(400, "empty coding", post("Transfer-Encoding:")),
                refused(400, "comma at the end", post("Transfer-Encoding: chunked,")),
                refused(400, "parameter", post("Transfer-Encoding: chunked;a=b")),
                refused(400, "look-alike", post("Transfer-Encoding: xchunked")),
                refused(400, "vertical tab", post("Transfer-Encoding: \u000bchunked")),
                refused(
                        400,
                        "in two lines",
                        post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")),
                refused(
                        400,
                        "in HTTP/1.0",
                        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(501, "unknown coding", post("Transfer-Encoding: gzip, chunked")),
                refused(417, "unknown expectation", post("Content-Length: 5", "Expect: tea")));
    }

    private static Arguments refused(int status, String what, String request) {
        return Arguments.of(status, what, request);
    }

    private static String head(String... lines) {
        return Servers.get("/", lines);
    }

    private static String post(String... lines) {
        return Servers.request("POST", "/", lines);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("malformed")
    @Spec({"WSGI10", "WSGI11", "WSGI12", "WSGI13", "WSGI14", "WSGI17"})
    void head_notByTheLetter_isRefusedAndNothingBehindItIsRead(
            int status, String what, String request) throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        try (var server = Servers.start(Servers.noting(seen));
                var client = RawClient.to(server)) {
            client.send(request + SMUGGLED + SMUGGLED);
            Reply reply = client.reply();

            assertThat(reply.status()).as(what).isEqualTo(status);
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(reply.header("Content-Length")).isEqualTo("0");
            assertThat(client.rest()).isEmpty();
            assertThat(seen).isEmpty();
        }
    }

    static Stream<Arguments> malformedChunks() {
        return Stream.of(
                refused(400, "no size", "\r\nabc\r\n0\r\n\r\n"),
                refused(400, "hexadecimal prefix", "0x3\r\nabc\r\n0\r\n\r\n"),
                refused(400, "signed", "+3\r\nabc\r\n0\r\n\r\n"),
                refused(400, "negative", "-3\r\nabc\r\n0\r\n\r\n"),
                refused(400, "no number", "g\r\nabc\r\n0\r\n\r\n"),
                refused(400, "space before", " 3\r\nabc\r\n0\r\n\r\n"),
                refused(400, "space behind", "3 \r\nabc\r\n0\r\n\r\n"),
                refused(400, "underscore", "1_0\r\nabc\r\n0\r\n\r\n"),
                refused(400, "overflow", "10000000000000003\r\nabc\r\n0\r\n\r\n"),
                refused(400, "wraps round", "fffffffffffffffd\r\nabc\r\n0\r\n\r\n"),
                refused(400, "bare LF", "3\nabc\r\n0\r\n\r\n"),
                refused(400, "too short", "4\r\nabc\r\n0\r\n\r\n"),
                refused(400, "too long", "2\r\nabc\r\n0\r\n\r\n"),
                refused(400, "LF behind the chunk", "3\r\nabc\n0\r\n\r\n"),
                refused(400, "nameless extension", "3;\r\nabc\r\n0\r\n\r\n"),
                refused(400, "NUL in extension", "3;a=\0\r\nabc\r\n0\r\n\r\n"),
                refused(400, "CR in extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"),
                refused(400, "LF in extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
                refused(400, "open quote", "3;a=\"b\r\nabc\r\n0\r\n\r\n"),
                refused(400, "long extension", "3;" + repeat("x", 2000) + "\r\nabc\r\n0\r\n\r\n"),
                refused(400, "folded trailer", "3\r\nabc\r\n0\r\nA: b\r\n c\r\n\r\n"),
                refused(400, "trailer without colon", "3\r\nabc\r\n0\r\nabc\r\n\r\n"),
                refused(400, "NUL in trailer", "3\r\nabc\r\n0\r\nA: \0\r\n\r\n"),
                refused(
                        400,
                        "long extensions",
                        repeat("1;" + repeat("x", 900) + "\r\na\r\n", 30) + "0\r\n\r\n"),
                refused(431, "many trailers", "0\r\n" + repeat("A: b\r\n", 101) + "\r\n"),
                refused(413, "too large", "fffffffff\r\nabc"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("malformedChunks")
    @Spec({"WSGI17", "WSGI44"})
    void chunks_notByTheLetter_areRefusedAndNothingBehindThemIsRead(
            int status, String what, String body) throws Exception {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        try (var server = Servers.start(Servers.noting(seen));
                var client = RawClient.to(server)) {
            client.send(post("Transfer-Encoding: chunked") + body + SMUGGLED);
            Reply reply = client.reply();

            assertThat(reply.status()).as(what).isEqualTo(status);
            assertThat(client.rest()).isEmpty();
            assertThat(seen).containsExactly("POST /");
        }
    }

    static Stream<Arguments> wellFormed() {
        return Stream.of(
                Arguments.of("blank line first", "\r\n" + head()),
                Arguments.of("two blank lines first", "\r\n\r\n" + head()),
                Arguments.of("HTTP/1.0 without host", "GET / HTTP/1.0\r\n\r\n"),
                Arguments.of("a later HTTP/1", "GET / HTTP/1.9\r\nHost: a\r\n\r\n"),
                Arguments.of("absolute", "GET http://a:80/x?y HTTP/1.1\r\nHost: b\r\n\r\n"),
                Arguments.of("asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("authority", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("other method", "brew! / HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
                Arguments.of("empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                Arguments.of("Latin-1 value", head("A: \u00e4\u00a0")),
                Arguments.of("tab in value", head("A:\tb\tc\t")),
                Arguments.of("empty value", head("A:")),
                Arguments.of("100 lines", head(repeat("A: b\r\n", 98) + "A: b")),
                Arguments.of(
                        "long target",
                        "GET /" + repeat("x", 8100) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("long line", head("A: " + repeat("x", 8100))),
                Arguments.of("leading zeros", post("Content-Length: 0003") + "abc"),
                Arguments.of("Chunked", post("Transfer-Encoding: Chunked") + "0\r\n\r\n"),
                Arguments.of(
                        "extension",
                        post("Transfer-Encoding: chunked")
                                + "1;a=b;c ; d=\"\\\"\"\r\nx\r\n0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wellFormed")
    @Spec({"WSGI12", "WSGI43"})
    void head_unusualButByTheLetter_isServed(String what, String request) throws Exception {
        try (var server = Servers.start(r -> Response.text(r.text()));
                var client = RawClient.to(server)) {
            assertThat(client.ask(request).status()).as(what).isEqualTo(200);
        }
    }

    @Test
    @Spec("WSGI12")
    void connection_nothingSent_isClosedWithoutAWord() throws Exception {
        try (var server = Servers.start(Servers::echo);
                var client = RawClient.to(server);
                var other = RawClient.to(server)) {
            client.socket().shutdownOutput();
            other.send("\r\n").socket().shutdownOutput();

            assertThat(client.isAtEnd()).isTrue();
            assertThat(other.isAtEnd()).isTrue();
        }
    }

    @Test
    void headerLimits_set_hold() throws Exception {
        for (WebOptions options :
                List.of(
                        Servers.QUIET.withMaxHeaderLine(40),
                        Servers.QUIET.withMaxHeaders(40),
                        Servers.QUIET.withMaxHeaderCount(2).withBacklog(7))) {
            String two = Servers.get("/", "A: b");
            String more = Servers.get("/", "A: b", "C: " + repeat("x", 50));
            try (var server = Servers.start(Servers::echo, options);
                    var client = RawClient.to(server);
                    var other = RawClient.to(server)) {
                assertThat(client.ask(two).status()).isEqualTo(200);
                assertThat(other.ask(more).status()).isEqualTo(431);
            }
        }
    }

    @Test
    @Spec("WSGI10")
    void urlLimit_set_holds() throws Exception {
        WebOptions options = Servers.QUIET.withMaxRequestLine(20_000);
        try (var server = Servers.start(Servers::echo, options);
                var client = RawClient.to(server);
                var other = RawClient.to(server)) {
            String path = "/" + repeat("x", 15_000);

            assertThat(client.get(path).header("X-Target")).isEqualTo(path);
            assertThat(other.get("/" + repeat("x", 20_000)).status()).isEqualTo(414);
        }
    }
}
