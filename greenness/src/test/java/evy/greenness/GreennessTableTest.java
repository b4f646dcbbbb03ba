package evy.greenness;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.Map;
import java.util.Set;

/** How a measurement is carried, judged and shown. */
@ExtendWith(LeakCheckExtension.class)
class GreennessTableTest {
    private static final String LIBRARY = "Jedis";

    @Test
    void json_parsed_isTheSameMeasurement() {
        Measurement measurement =
                new Measurement(
                        LIBRARY,
                        true,
                        "nio",
                        new Round(301, 2, 3, 49, "no, \"never\": {1}", new Circumstances(4, 5)),
                        101,
                        "java.io.IOException: gone");

        Measurement parsed = Measurement.parse(measurement.toJson());

        assertThat(parsed.toJson()).isEqualTo(measurement.toJson());
        assertThat(parsed.round().right()).isEqualTo(49);
        assertThat(parsed.cut()).isEqualTo("java.io.IOException: gone");
    }

    @Test
    void findings_ofGoodFigures_areNone() {
        assertThat(Finding.of(measurement(599, 20, 50, Measurement.CUT))).isEmpty();
    }

    @Test
    void findings_ofBadFigures_nameEach() {
        assertThat(Finding.of(measurement(600, 20, 50, Measurement.CUT)))
                .isEqualTo(Set.of(Finding.OVERLAP));
        assertThat(Finding.of(measurement(300, 21, 50, Measurement.CUT)))
                .isEqualTo(Set.of(Finding.TICKER));
        assertThat(Finding.of(measurement(300, 20, 49, Measurement.CUT)))
                .isEqualTo(Set.of(Finding.RESULTS));
        assertThat(Finding.of(measurement(300, 20, 50, "answer: reply-50")))
                .isEqualTo(Set.of(Finding.TIMEOUT));
    }

    @Test
    void text_greenRow_isTheSameWhateverTheNoise() {
        String quiet = text(measurement(303, 2, 50, Measurement.CUT));
        String noisy = text(measurement(410, 19, 50, Measurement.CUT));

        assertThat(quiet)
                .isEqualTo(noisy)
                .contains(" | 1 × | ≤ 20 ms | 50 of 50 | cut | green |")
                .contains("| " + LIBRARY + " | " + Version.of(Rows.of(LIBRARY).client()) + " |");
    }

    @Test
    void text_failingRow_isShownAsFailing() {
        String text = text(measurement(15_000, 14_900, 3, "org.example.Gone: at 12:34"));

        assertThat(text)
                .contains(
                        " | 50 × | > 5000 ms | 3 of 50 | `Gone` |"
                                + " **fails**: overlap, ticker, results, timeout |");
    }

    private static String text(Measurement measurement) {
        return new GreennessTable(Map.of(LIBRARY, measurement), Map.of()).text("");
    }

    private static Measurement measurement(long total, long gap, int right, String cut) {
        Round round = new Round(total, gap, 1, right, "", new Circumstances(0, 0));
        return new Measurement(LIBRARY, true, "epoll", round, 100, cut);
    }
}
