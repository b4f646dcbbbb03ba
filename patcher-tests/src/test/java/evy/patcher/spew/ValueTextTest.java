package evy.patcher.spew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Values in words: short, on one line, whatever they are. */
@ExtendWith(LeakCheckExtension.class)
class ValueTextTest {
    @Test
    @Spec("DBG1")
    void of_simpleValues_areAsInSourceText() {
        assertThat(ValueText.of(null)).isEqualTo("null");
        assertThat(ValueText.of("a\n\r\t\"b\"\u0007")).isEqualTo("\"a\\n\\r\\t\"b\"?\"");
        assertThat(ValueText.of('c')).isEqualTo("'c'");
        assertThat(ValueText.of(7L)).isEqualTo("7");
    }

    @Test
    @Spec("DBG1")
    void of_long_isCutAndSaysHowLong() {
        assertThat(ValueText.of("x".repeat(1000))).hasSizeLessThan(150).endsWith("1000 in all\"");
        assertThat(ValueText.of(new int[50])).isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, ... 50 in all]");
        assertThat(ValueText.of(Collections.nCopies(1_000_000, 1))).endsWith("... 1000000 in all]");
        Object wide = Collections.nCopies(9, Collections.nCopies(9, "x".repeat(99)));
        assertThat(ValueText.of(wide)).hasSizeLessThan(510);
    }

    @Test
    @Spec("DBG1")
    void of_collections_haveTheirElements() {
        assertThat(ValueText.of(Map.of(1, List.of("a")))).isEqualTo("[1=[\"a\"]]");
        assertThat(ValueText.of(new Object[] {1, new long[] {2}})).isEqualTo("[1, [2]]");
    }

    @Test
    @Spec("DBG1")
    void of_containsItself_ends() {
        Object[] array = new Object[1];
        array[0] = array;
        List<Object> list = new ArrayList<>();
        list.add(Arrays.asList(list, list));

        assertThat(ValueText.of(array)).isEqualTo("[[[...]]]");
        assertThat(ValueText.of(list)).contains("[1...]");
    }

    @Test
    @Spec("DBG1")
    void of_toStringThrows_saysSo() {
        Object bad =
                new Object() {
                    @Override
                    public String toString() {
                        return toString(); // until the stack is full
                    }
                };

        assertThat(ValueText.of(bad)).contains("its toString failed: java.lang.StackOverflowError");
    }

    @Test
    @Spec("DBG1")
    void of_deep_hasItsSize() {
        Object map = Map.of(1, Map.of(2, Map.of(3, Map.of(4, 5))));

        assertThat(ValueText.of(map)).isEqualTo("[1=[2=[1...]]]");
    }

    @Test
    @Spec("DBG1")
    void of_killedInToString_isKilledLater() {
        var asked = new AtomicBoolean();
        Object bad =
                new Object() {
                    @Override
                    public String toString() {
                        throw new GreenThreadExit();
                    }
                };
        GreenThread<Object> thread =
                Evy.spawn(
                        () -> {
                            assertThat(ValueText.of(bad)).contains("its toString failed");
                            asked.set(true);
                            Evy.sleep(Duration.ofSeconds(60));
                            return "survived";
                        });

        assertThatThrownBy(thread::get).isInstanceOf(CancellationException.class);
        assertThat(asked).isTrue();
    }

    @Test
    @Spec("DBG1")
    void of_toStringIsNull_isNull() {
        Object bad =
                new Object() {
                    @Override
                    public String toString() {
                        return null;
                    }
                };

        assertThat(ValueText.of(bad)).isEqualTo("null");
    }
}
