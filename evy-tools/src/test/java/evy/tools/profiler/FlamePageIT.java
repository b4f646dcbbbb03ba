package evy.tools.profiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The page in Chromium. */
class FlamePageIT {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    /** Does what a user does, and says what is shown then. */
    private static final String USER =
            """
            <script>
            const tell = what => document.body.append('{' + what + '} ');
            const seen = () => $('shown').textContent;
            const at = (x, depth) => ({clientX: canvas.getBoundingClientRect().left + x * canvas.clientWidth,
                clientY: canvas.getBoundingClientRect().top + (depth + 0.5) * 18, bubbles: true});
            tell('whole ' + seen());
            canvas.dispatchEvent(new MouseEvent('mousemove', at(0.05, 2)));
            tell('tip ' + tip.style.display + ' ' + tip.textContent.split('\\n').join('|'));
            canvas.dispatchEvent(new MouseEvent('click', at(0.05, 2)));
            tell('zoomed ' + seen());
            dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}));
            tell('back ' + seen());
            $('search').value = 'inner';
            $('search').dispatchEvent(new Event('input'));
            tell($('found').textContent);
            $('search').value = '(';
            $('search').dispatchEvent(new Event('input'));
            tell('valid ' + $('search').validity.valid);
            document.querySelector('input[value=both]').click();
            tell('both ' + seen());
            document.querySelector('input[value=wait]').click();
            tell('waits ' + seen());
            tell('summary ' + $('summary').textContent.includes('own/total'));
            tell('drawn ' + canvas.getContext('2d').getImageData(5, 5, 1, 1).data.join());
            </script>
            """;

    @Test
    @Spec("PROF2")
    void page_inABrowser_zoomsSearchesAndShowsFigures(@TempDir Path folder) throws Exception {
        CallTree tree = new CallTree("all");
        spend(tree, 30, 0, "main", "a.A.work", "a.A.inner");
        spend(tree, 10, 0, "main", "a.B.other");
        spend(tree, 0, 60, "main", "a.C.read", "[read]");
        Profile profile =
                new Profile(Duration.ofSeconds(1), "x", tree, 0, List.of(), List.of(), List.of());
        StringBuilder page = new StringBuilder();
        profile.writeHtml(page, false);
        Path file = folder.resolve("page.html");
        Files.writeString(file, page.toString().replace("</html>", USER + "</html>"));

        String dom = browse(folder, file);

        assertThat(dom)
                .contains("{whole 40.000 ms shown, 100.0%}")
                .contains("{tip block a.A.work|CPU: 30.000 ms, own 0.000 ms|75.0% of all, 75.0%")
                .contains("{zoomed 30.000 ms shown, 75.0%}")
                .contains("{back 40.000 ms shown, 100.0%}")
                .contains("{found: 75.0%}")
                .contains("{valid false}")
                .contains("{both 100.000 ms shown, 100.0%}")
                .contains("{waits 60.000 ms shown, 100.0%}")
                .contains("{summary true}")
                .containsPattern("\\{drawn [1-9]\\d*,\\d+,\\d+,255}");
    }

    private static void spend(CallTree tree, int cpuMillis, int waitMillis, String... stack) {
        CallTree.Cost own = tree.at(List.of(stack)).own();
        own.cpuNanos += cpuMillis * 1_000_000L;
        own.waitNanos += waitMillis * 1_000_000L;
    }

    private static String browse(Path folder, Path page) throws Exception {
        Path out = folder.resolve("dom");
        Process browser =
                new ProcessBuilder(
                                find(),
                                "--headless",
                                "--no-sandbox", // which root may not have
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--virtual-time-budget=1000",
                                "--dump-dom",
                                page.toUri().toString())
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            assertThat(browser.waitFor(50, TimeUnit.SECONDS)).isTrue();
        } finally {
            browser.destroyForcibly().waitFor();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static String find() {
        for (String name : NAMES) {
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file.toString();
                }
            }
        }
        return abort("not installed: " + String.join(", ", NAMES));
    }
}
