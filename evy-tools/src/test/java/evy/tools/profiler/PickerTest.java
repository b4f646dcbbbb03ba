package evy.tools.profiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

/** Which waits have their stacks taken. */
class PickerTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void pick_fewThings_picksAllWithTheirOwnWeight() {
        Picker picker = new Picker(1, 1);

        for (int i = 0; i < 10; i++) {
            assertThat(picker.pick(i + 1, i * SECOND)).isEqualTo(i + 1);
        }
    }

    @Test
    @Spec("PROF1")
    void pick_manySmallThings_picksFewWhoseWeightsSumUpToAll() {
        Picker picker = new Picker(1, 1);
        int things = 1_000_000;
        long sum = 0;
        int picked = 0;

        for (int i = 0; i < things; i++) {
            long weight = picker.pick(1, i * 1000L);
            sum += weight;
            picked += weight > 0 ? 1 : 0;
        }

        assertThat(picked).isBetween(50, 2000);
        assertThat(sum).isCloseTo(things, within(things / 4L));
    }

    @Test
    @Spec("PROF1")
    void pick_twoKindsByTurns_givesEachItsShare() {
        Picker picker = new Picker(1, 1);
        long[] sums = new long[2];

        for (int i = 0; i < 1_000_000; i++) {
            sums[i % 2] += picker.pick(1, i * 1000L);
        }

        assertThat((double) sums[0] / sums[1]).isBetween(0.6, 1.6);
    }

    @Test
    void pick_fewAfterMany_picksAllAgain() {
        Picker picker = new Picker(1, 1);
        for (int i = 0; i < 100_000; i++) {
            picker.pick(1, i);
        }

        long now = SECOND;
        while (now < 100 * SECOND) {
            now += SECOND;
            picker.pick(1, now);
        }

        assertThat(picker.pick(1, now + SECOND)).isEqualTo(1);
    }

    @Test
    void pick_longAmongShort_isAlwaysPicked() {
        Picker picker = new Picker(1000, 1);
        for (int i = 0; i < 1000; i++) {
            picker.pick(10, i);
        }

        assertThat(picker.pick(10_000_000, 1001)).isEqualTo(10_000_000);
    }
}
