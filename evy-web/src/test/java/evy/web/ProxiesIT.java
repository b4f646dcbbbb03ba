package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Behind a proxy, as servers stand in earnest: nginx and HAProxy, with connections kept open. */
@ExtendWith(LeakCheckExtension.class)
class ProxiesIT {
    private static final int REQUESTS = 200;

    @TempDir Path directory;
    private final byte[] large = new byte[300_000];
    private Path file;
    private Path front;

    @BeforeEach
    void makeFile() throws IOException {
        new Random(7).nextBytes(large);
        file = Files.write(directory.resolve("large"), large);
        front = directory.resolve("front"); // a Unix socket: no port that another could take
    }

    private Response answer(Request request) throws IOException {
        return switch (request.path()) {
            case "/file" -> Response.file(file);
            case "/stream" -> Response.chunks(List.of(Servers.bytes("one "), Servers.bytes("two")));
            case "/none" -> Response.of(404);
            case "/fails" -> throw new IllegalStateException("as it should");
            default -> Servers.echo(request);
        };
    }

    private RawClient connect(Tool proxy) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                Socket socket = Evy.connect(UnixDomainSocketAddress.of(front));
                return new RawClient(socket);
            } catch (IOException e) {
                if (!proxy.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError(proxy.output(), e);
                }
                Thread.sleep(20); // nothing tells when another process listens
            }
        }
    }

    private void talkThrough(Tool proxy, WebServer server) throws Exception {
        try (RawClient client = connect(proxy)) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.get("/" + i).header("X-Target")).isEqualTo("/" + i);
            }
            assertThat(server.connections()).as("connections kept").isLessThan(REQUESTS / 10);
            assertThat(client.get("/file").body()).isEqualTo(large);
            assertThat(client.ask(Servers.get("/file", "Range: bytes=100000-")).body())
                    .hasSize(200_000);
            assertThat(client.ask(Servers.request("HEAD", "/file")).header("Content-Length"))
                    .isEqualTo("300000");
            assertThat(client.get("/stream").text()).isEqualTo("one two");
            assertThat(client.get("/none").status()).isEqualTo(404);
            assertThat(client.get("/fails").status()).isEqualTo(500);

            String body = Servers.repeat("0123456789", 20_000);
            client.send(Servers.request("POST", "/sized", "Content-Length: 200000") + body);
            assertThat(client.reply().text()).isEqualTo(body);
            client.send(
                    Servers.request("PUT", "/chunked", "Transfer-Encoding: chunked")
                            + ("30d40\r\n" + body + "\r\n0\r\n\r\n"));
            assertThat(client.reply().text()).isEqualTo(body);
        }
    }

    @Test
    @Spec("WSGI38")
    void nginx_inFront_everythingGetsThrough() throws Exception {
        try (var server = Servers.start(this::answer)) {
            String config =
                    """
                    daemon off;
                    master_process off;
                    pid nginx.pid;
                    events {}
                    http {
                        access_log off;
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        upstream evy { server 127.0.0.1:%d; keepalive 4; }
                        server {
                            listen unix:%s;
                            client_max_body_size 1m;
                            location / {
                                proxy_pass http://evy;
                                proxy_http_version 1.1;
                                proxy_set_header Connection "";
                                proxy_request_buffering off;
                            }
                        }
                    }
                    """
                            .formatted(server.port(), front);
            Path file = Files.writeString(directory.resolve("nginx.conf"), config);
            try (Tool nginx =
                    Tool.start(
                            directory,
                            List.of("nginx"),
                            "-p",
                            directory,
                            "-c",
                            file,
                            "-e",
                            "stderr")) {
                talkThrough(nginx, server);
            }
        }
    }

    @Test
    @Spec("WSGI38")
    void haproxy_inFront_everythingGetsThrough() throws Exception {
        try (var server = Servers.start(this::answer)) {
            String config =
                    """
                    global
                        maxconn 100
                    defaults
                        mode http
                        timeout connect 20s
                        timeout client 20s
                        timeout server 20s
                    frontend front
                        bind unix@%s
                        default_backend evy
                    backend evy
                        http-reuse always
                        server evy 127.0.0.1:%d
                    """
                            .formatted(front, server.port());
            Path file = Files.writeString(directory.resolve("haproxy.conf"), config);
            try (Tool haproxy = Tool.start(directory, List.of("haproxy"), "-db", "-f", file)) {
                talkThrough(haproxy, server);
            }
        }
    }
}
