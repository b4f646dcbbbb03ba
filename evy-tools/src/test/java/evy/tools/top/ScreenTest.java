package evy.tools.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.debug.Debug;
import evy.sync.Event;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code evy top} shows of what it hears, and what keys do. */
@ExtendWith(LeakCheckExtension.class)
class ScreenTest {
    private static final long SECOND = 1_000_000_000L;

    private final View view = new View(Question.Order.WAITING, "", 0);

    @Test
    void all_realOverview_isUnderstood() throws Exception {
        Event<Void> end = new Event<>();
        var waiting = Evy.spawn(() -> end.await());
        Evy.sleep(java.time.Duration.ZERO);

        view.heard(Figures.of(Debug.overview().json()), 0);

        end.send(null);
        waiting.join();
        assertThat(shown(50, 0))
                .contains("evy-hub-", "They wait for", " event", "Native threads", "not watched");
    }

    @Test
    void of_twoLooks_hasRates() throws Exception {
        view.heard(figures(7, 1_000, false), 0);
        assertThat(hubLine()).containsPattern("40 ms +240 ms +- +-");

        view.heard(figures(7, 3_000, false), 2 * SECOND);

        assertThat(hubLine()).contains("1.0k");
        view.heard(figures(8, 5_000, false), 3 * SECOND);
        assertThat(hubLine()).as("another process").containsPattern("240 ms +- +-");
    }

    @Test
    void of_blockedHub_saysSo() throws Exception {
        view.heard(figures(7, 1, false), 0);

        assertThat(hubLine()).contains("BLOCKED");
        assertThat(shown(24, 0)).contains("COMPUTING in shop.Report.sum, 3 times, 410 ms in all");
    }

    @Test
    void of_nameWithCommandsForTheTerminal_isHarmless() throws Exception {
        view.heard(figures(7, 1, true), 0);

        var lines = Screen.of(view, "target", 24, 0);

        assertThat(lines).noneMatch(line -> line.rendered(80, false).contains("\033"));
        assertThat(shown(24, 0)).contains("evil?[31m");
    }

    @Test
    void of_failureOrSilence_isSaidAndOldFiguresStay() throws Exception {
        view.heard(figures(7, 1, true), 0);
        assertThat(shown(24, SECOND)).contains("q quit");
        assertThat(shown(24, 5 * SECOND)).contains("no answer for 5.0 s", "evy-hub-1");

        view.failed("nobody listens at localhost:1", 6 * SECOND);

        assertThat(shown(24, 6 * SECOND)).contains("nobody listens", "old figures", "evy-hub-1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 24, 200})
    void of_anyHeight_fits(int height) throws Exception {
        view.heard(figures(7, 1, true), 0);

        var lines = Screen.of(view, "target", height, 0);

        assertThat(lines).hasSizeLessThanOrEqualTo(height);
        for (var width : List.of(1, 10, 79)) {
            assertThat(lines).allMatch(line -> line.rendered(width, false).length() <= width);
        }
    }

    @Test
    void rendered_withoutColours_hasNoCommands() {
        var line = new Line().add(Line.Style.ALARM, "alarm").add(" plain");

        assertThat(line.rendered(20, false)).isEqualTo("alarm plain");
        assertThat(line.rendered(20, true)).isEqualTo("\033[1;31malarm\033[0m plain");
        assertThat(line.rendered(7, true)).isEqualTo("\033[1;31malarm\033[0m p");
    }

    @Test
    void pressed_keys_changeTheQuestion() {
        assertThat(view.pressed("b")).isTrue();
        assertThat(view.question().order()).isEqualTo(Question.Order.BUSY);
        for (var key : "/dbq\177 ".split("")) {
            assertThat(view.pressed(key)).isTrue();
        }
        assertThat(view.typed()).isEqualTo("db ");
        assertThat(view.question().filter()).isEmpty();

        view.pressed("\r");

        assertThat(view.question().path())
                .isEqualTo("overview.json?rows=200&order=busy&filter=db+");
        view.pressed("\033");
        assertThat(view.question().filter()).isEmpty();
        assertThat(view.pressed("\033[A")).as("an arrow").isTrue();
        assertThat(view.pressed("q")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"w, WAITING", "n, NEWEST", "b, BUSY"})
    void pressed_orderKeys_choose(String key, Question.Order order) {
        view.pressed("b");

        assertThat(view.pressed(key)).isTrue();

        assertThat(view.question().order()).isEqualTo(order);
    }

    @Test
    void pressed_whileTyping_editsTheFilter() {
        for (var key : List.of("/", "\177", "a", "\25", "b", "\033[A", "c\td", "e", "\n")) {
            assertThat(view.pressed(key)).isTrue();
        }
        assertThat(view.question().filter()).isEqualTo("be");

        view.pressed("/");
        view.pressed("x");
        assertThat(view.pressed("\3")).as("leaves the filter, not the program").isTrue();

        assertThat(view.typed()).isNull();
        assertThat(view.question().filter()).isEqualTo("be");
        assertThat(view.pressed("\3")).isFalse();
        assertThat(view.pressed("Q")).isFalse();
    }

    @Test
    void of_beforeTheFirstAnswer_showsTheTargetAndWhatIsTyped() {
        assertThat(shown(24, 0)).startsWith("evy top target");
        view.failed("nobody listens", 0);
        assertThat(shown(24, 0)).contains("nobody listens").doesNotContain("old figures");

        view.pressed("/");
        view.pressed("x");

        assertThat(shown(24, 0)).contains("filter: x_  Enter takes it");
    }

    @Test
    void of_manyHubsOrNone_saysHowMany() throws Exception {
        var hub =
                """
                {"name":"evy-hub-%d","kind":"epoll","answered":true,"busy":0.9,"lag_ms":40,
                 "longest_lag_ms":240,"turns":1,"live":2}
                """;
        var hubs =
                java.util.stream.IntStream.range(0, 50)
                        .mapToObj(hub::formatted)
                        .collect(Collectors.joining(","));
        var rest =
                ",\"states\":{},\"kinds\":{},\"green_threads\":[{\"id\":40,\"name\":\"a\","
                        + "\"state\":\"WAITING\",\"hub\":\"evy-hub-1\",\"idle_ms\":12,"
                        + "\"kind\":\"sleep\",\"remaining_ms\":5000}],\"matching\":1,"
                        + "\"tpool\":{\"size\":20},\"watched\":true,\"blocks\":[]}";
        var process = "{\"process\":{\"pid\":7,\"name\":\"a\",\"uptime_ms\":1},\"hubs\":[";

        view.heard(Figures.of(process + hubs + "]" + rest), 0);
        assertThat(shown(24, 0)).containsPattern("and \\d+ more hubs");

        view.heard(Figures.of(process + "]" + rest), 0);
        assertThat(shown(24, 0))
                .contains("no hub is open", "Blocked hubs   none")
                .contains("sleep, until in 5.0 s");
    }

    @Test
    void pressed_hold_keepsTheFigures() throws Exception {
        view.heard(figures(7, 1, true), 0);
        view.pressed(" ");

        view.heard(figures(9, 1, true), SECOND);

        assertThat(shown(24, SECOND)).contains("process 7", "held");
        view.pressed(" ");
        view.heard(figures(9, 1, true), SECOND);
        assertThat(shown(24, SECOND)).contains("process 9");
    }

    @Test
    void pressed_help_isShownUntilTheNextKey() throws Exception {
        view.heard(figures(7, 1, true), 0);
        view.pressed("h");
        assertThat(shown(40, 0)).contains("KEYS").doesNotContain("evy-hub-1");

        view.pressed("x");

        assertThat(shown(40, 0)).contains("evy-hub-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "null", "{\"hubs\":3}", "{\"hubs\":[{}]}", "<html>"})
    void figures_noOverview_areRefused(String json) {
        assertThatThrownBy(() -> Figures.of(json))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer is no overview that this Evy knows");
    }

    @ParameterizedTest
    @CsvSource({
        "0.04, 0.0 ms",
        "9.94, 9.9 ms",
        "9.96, 10 ms",
        "1000, 1.0 s",
        "99940, 99.9 s",
        "99960, 1m40s",
        "3599499, 59m59s",
        "3600000, 1h00m",
        "90000000, 1d01h"
    })
    void millis_anyLength_isShort(double millis, String expected) {
        assertThat(Text.millis(millis)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"999, 999", "1000, 1.0k", "9960, 10k", "999600, 1.0M", "2e9, 2.0G"})
    void count_any_isShort(double number, String expected) {
        assertThat(Text.count(number)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "--once | use evy top",
                "1 2 | what is '2'?",
                "--interval=x 1 | --interval is no number: 'x'",
                "--interval=0 1 | --interval must be in 0.1 to 3600 s: 0",
                "--order=up 1 | --order must be waiting, busy or newest: 'up'",
                "name | 'name' is no process, place or file",
                "ftp://a/ | no http or https URL",
                "http://a:b c/ | no URL"
            })
    void options_malformed_sayWhy(String arguments, String message) {
        assertThatThrownBy(
                        () -> {
                            var split =
                                    arguments.contains(" c/")
                                            ? List.of(arguments)
                                            : List.of(arguments.split(" "));
                            TopOptions.of(split, null).source().close();
                        })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void read_processThatIsGone_saysSo() {
        var source = new JvmSource(Integer.MAX_VALUE);
        var question = new Question(1, Question.Order.WAITING, "");

        assertThatThrownBy(() -> source.read(question))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no process " + Integer.MAX_VALUE);
    }

    private String hubLine() {
        return shown(24, 0)
                .lines()
                .filter(l -> l.startsWith("evy-hub-1"))
                .findFirst()
                .orElseThrow();
    }

    private String shown(int height, long now) {
        return Screen.of(view, "target", height, now).stream()
                .map(Line::plain)
                .collect(Collectors.joining("\n"));
    }

    private static Figures figures(long pid, long turns, boolean answered) throws IOException {
        return Figures.of(
                """
                {"process":{"pid":%d,"name":"shop.Main","uptime_ms":61000},
                 "hubs":[{"name":"evy-hub-1","kind":"epoll","answered":%s,"busy":0.9,"lag_ms":40,
                          "longest_lag_ms":240,"turns":%d,"live":2}],
                 "states":{"WAITING":2},"kinds":{"read":2},
                 "green_threads":[{"id":40,"name":"evil\\u001b[31m","state":"WAITING","hub":"evy-hub-1",
                                   "idle_ms":12,"kind":"read","waits_for":"descriptor 9"}],
                 "matching":2,"tpool":{"size":20},"watched":true,
                 "blocks":[{"hub":"evy-hub-1","cause":"COMPUTING","place":"shop.Report.sum",
                            "over":true,"blocked_ms":103,"times":3,"total_ms":410}]}
                """
                        .formatted(pid, answered, turns));
    }
}
