package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class BackdoorOptionsTest {
    private static final String TOKEN = "correct-horse-battery";

    @Test
    void with_each_changesOnlyThat() {
        var options =
                BackdoorOptions.DEFAULT
                        .withToken(TOKEN)
                        .withRemote()
                        .withMaxSessions(3)
                        .withMaxLine(100)
                        .withDrainTimeout(Duration.ZERO);

        assertThat(options)
                .isEqualTo(new BackdoorOptions(TOKEN, true, 3, 100, Duration.ZERO, null));
    }

    @Test
    void toString_withToken_doesNotShowIt() {
        assertThat(BackdoorOptions.DEFAULT.withToken(TOKEN).toString())
                .contains("token=set")
                .doesNotContain(TOKEN);
    }

    @Test
    void with_nonsense_isRefused() {
        assertThatThrownBy(() -> BackdoorOptions.DEFAULT.withToken("short"))
                .hasMessage("token must have at least 16 characters: it has 5");
        assertThatThrownBy(() -> BackdoorOptions.DEFAULT.withToken("sixteen characters"))
                .hasMessage("token must be printable ASCII without blanks");
        assertThatThrownBy(() -> BackdoorOptions.DEFAULT.withMaxSessions(0))
                .hasMessage("maxSessions must be >= 1: 0");
        assertThatThrownBy(() -> BackdoorOptions.DEFAULT.withMaxLine(79))
                .hasMessage("maxLine must be >= 80 bytes: 79");
        assertThatThrownBy(() -> BackdoorOptions.DEFAULT.withDrainTimeout(Duration.ofMillis(-1)))
                .hasMessage("drainTimeout must be >= 0: PT-0.001S");
    }
}
