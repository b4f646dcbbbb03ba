package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page and all that its script asks for, in Chromium. */
@ExtendWith(LeakCheckExtension.class)
class BrowserIT {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private static final String PAGE =
            """
            <!doctype html><title>Evy</title><body><script>
            const say = text => document.body.append(text + ';');
            const text = async (...request) => (await fetch(...request)).text();
            const event = () => new Promise(done => {
                const events = new EventSource('/events');
                events.addEventListener('hi', e => { events.close(); done(e.data); });
            });
            (async () => {
                say('echo ' + await text('/echo', {method: 'POST', body: 'x'.repeat(200000)}).then(t => t.length));
                say('file ' + await text('/file').then(t => t.length));
                say('stream ' + await text('/stream'));
                say('event ' + await event());
                const all = await Promise.all([...Array(30).keys()].map(i => text('/echo?' + i)));
                say('many ' + all.length);
                document.cookie = 'a=b';
                say('cookie ' + await text('/cookie'));
            })().catch(e => say('failed: ' + e));
            </script></body>
            """;

    private static Response answer(Request request, Path file) throws IOException {
        return switch (request.path()) {
            case "/" -> Response.html(PAGE);
            case "/file" -> Response.file(file).withType("text/plain");
            case "/stream" -> Response.chunks(List.of(Servers.bytes("one "), Servers.bytes("two")));
            case "/events" -> Response.events(sink -> sink.send("hi", null, "there"));
            case "/cookie" -> Response.text(String.valueOf(request.header("Cookie")));
            default -> Servers.echo(request);
        };
    }

    @Test
    @Spec("WSGI38")
    void page_inABrowser_getsAllItAsksFor(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), Servers.repeat("abc", 100_000));
        try (var server = Servers.start(request -> answer(request, file))) {
            String dom =
                    Tool.run(
                            directory,
                            NAMES,
                            "--headless",
                            "--no-sandbox", // which root may not have
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--user-data-dir=" + directory.resolve("profile"),
                            "--virtual-time-budget=20000",
                            "--dump-dom",
                            server.uri());

            assertThat(dom)
                    .contains("echo 200000;")
                    .contains("file 300000;")
                    .contains("stream one two;")
                    .contains("event there;")
                    .contains("many 30;")
                    .contains("cookie a=b;");
        }
    }
}
