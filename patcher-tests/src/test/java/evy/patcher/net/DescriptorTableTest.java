package evy.patcher.net;

import static org.assertj.core.api.Assertions.assertThat;

import evy.Evy;
import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Numbers as the JDK gives them, and others. */
@ExtendWith(LeakCheckExtension.class)
class DescriptorTableTest {
    private static final int TOO_LARGE = 1 << 24;

    private final DescriptorTable table = new DescriptorTable();

    @Test
    void obtain_numberThereIsNoRoomFor_isNone() throws Exception {
        Evy.run(
                () -> {
                    for (int number : new int[] {-1, TOO_LARGE, Integer.MAX_VALUE}) {
                        assertThat(table.obtain(number, Hub.current())).isNull();
                        assertThat(table.remove(number)).isNull();
                    }
                });
    }

    @Test
    void obtain_again_isTheSameUntilItIsRemoved() throws Exception {
        Evy.run(
                () -> {
                    int number = TOO_LARGE - 1;
                    assertThat(table.remove(number)).as("not asked for yet").isNull();

                    var descriptor = table.obtain(number, Hub.current());

                    assertThat(descriptor).isNotNull();
                    assertThat(table.obtain(number, Hub.current())).isSameAs(descriptor);
                    assertThat(table.remove(number)).isSameAs(descriptor);
                    assertThat(table.remove(number)).isNull();
                });
    }
}
