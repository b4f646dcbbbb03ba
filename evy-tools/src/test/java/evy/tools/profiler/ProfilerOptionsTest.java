package evy.tools.profiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What can be asked of the profiler, and where it writes. */
class ProfilerOptionsTest {
    @TempDir Path folder;

    @Test
    void options_thatMakeNoSense_areRefusedByName() {
        ProfilerOptions options = ProfilerOptions.DEFAULT;
        Output one = Output.to(folder.resolve("x"));
        Output same = Output.to(folder.resolve("./x"));

        assertThatThrownBy(() -> options.withPeriod(Duration.ofNanos(10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("period must be in 1 ms to 1 s: PT0.00000001S");
        assertThatThrownBy(() -> options.withPeriod(Duration.ofSeconds(2)))
                .hasMessageContaining("PT2S");
        assertThatThrownBy(() -> options.withHtml(one).withTrace(same))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two outputs to");
    }

    @Test
    void output_toAFile_isCheckedWithoutTouchingWhatIsThere() throws Exception {
        Path file = Files.writeString(folder.resolve("kept"), "before");

        Output.to(file).check();

        assertThat(file).hasContent("before");
        assertThatThrownBy(() -> Output.to(folder.resolve("no/x")).check())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no profile can be written to")
                .hasMessageContaining("no/x");
        assertThatThrownBy(() -> Output.to(folder).check()).isInstanceOf(IOException.class);
    }

    @Test
    void output_toAStream_leavesItOpen() throws Exception {
        boolean[] closed = new boolean[1];
        ByteArrayOutputStream stream =
                new ByteArrayOutputStream() {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                };

        try (var out = Output.to(stream).open()) {
            out.write(new byte[] {'a', 'b'});
        }

        assertThat(stream.toString(java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("ab");
        assertThat(closed[0]).isFalse();
    }
}
