package evy.tools.profiler;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** From stacks to tables and files. */
class CallTreeTest {
    private static final int MILLI = 1_000_000;

    private static CallTree tree() {
        CallTree tree = new CallTree("all");
        computes(tree, 30, "main", "work", "work", "inner");
        computes(tree, 10, "main", "work");
        computes(tree, 10, "main", "other");
        waits(tree, 50, 2, "main", "read", "[read]");
        return tree;
    }

    private static void computes(CallTree tree, int millis, String... stack) {
        CallTree.Cost own = tree.at(List.of(stack)).own();
        own.cpuNanos += (long) millis * MILLI;
        own.samples += millis / 10;
    }

    private static void waits(CallTree tree, int millis, int switches, String... stack) {
        CallTree.Cost own = tree.at(List.of(stack)).own();
        own.waitNanos += (long) millis * MILLI;
        own.switches += switches;
    }

    private static Profile profile(CallTree tree) {
        return new Profile(
                Duration.ofSeconds(1), "CPU time", tree, 3, List.of(), List.of(), List.of());
    }

    private static FunctionTime function(String name, boolean withWaits) {
        return profile(tree()).functions(withWaits).stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Spec("PROF2")
    void functions_ofCpuTime_haveOwnChildAndCumulativeTimes() {
        assertThat(function("main", false))
                .isEqualTo(new FunctionTime("main", 5, 2, Duration.ofMillis(50), Duration.ZERO));
        assertThat(function("inner", false).own()).isEqualTo(Duration.ofMillis(30));
        assertThat(profile(tree()).functions(false)).noneMatch(f -> f.name().equals("[read]"));
    }

    @Test
    @Spec("PROF2")
    void functions_thatCallThemselves_countOnce() {
        FunctionTime work = function("work", false);

        assertThat(work.cumulative()).isEqualTo(Duration.ofMillis(40));
        assertThat(work.own()).isEqualTo(Duration.ofMillis(10));
        assertThat(work.child()).isEqualTo(Duration.ofMillis(30));
        assertThat(work.samples()).isEqualTo(4);
    }

    @Test
    @Spec("PROF2")
    void functions_withWaits_haveThemInTheirTimes() {
        assertThat(function("main", true).cumulative()).isEqualTo(Duration.ofMillis(100));
        assertThat(function("[read]", true))
                .isEqualTo(
                        new FunctionTime(
                                "[read]", 0, 2, Duration.ofMillis(50), Duration.ofMillis(50)));
    }

    @Test
    @Spec("PROF2")
    void collapsed_anyTree_hasALineForEachStackInMicroseconds() {
        assertThat(profile(tree()).collapsed(false).lines())
                .containsExactlyInAnyOrder(
                        "main;work;work;inner 30000", "main;work 10000", "main;other 10000");
        assertThat(profile(tree()).collapsed(true).lines()).contains("main;read;[read] 50000");
    }

    @Test
    void collapsed_namesWithSeparators_staysReadable() {
        CallTree tree = new CallTree("all");
        computes(tree, 10, "thread; with\nall", "run");

        assertThat(profile(tree).collapsed(false)).isEqualTo("thread: with all;run 10000\n");
    }

    @Test
    @Spec("PROF2")
    void text_percentagesOn_printsThemBesideTheTimes() {
        String with = profile(tree()).text(false, true);
        String without = profile(tree()).text(false, false);

        assertThat(with).containsPattern("3 +0 +0.030 s +60.0% +0.030 s +60.0% .* 0.600 +inner\n");
        assertThat(without).containsPattern("3 +0 +0.030 s +0.030 s +0.000 s +- +0.600 +inner\n");
        assertThat(without)
                .containsPattern(
                        "samples +switches +cumulative +own +child +per switch +own/total");
        assertThat(profile(tree()).text(true, false))
                .containsPattern("0 +2 +0.050 s +0.050 s +0.000 s +25.000 ms +0.500 +\\[read]\n");
    }

    @Test
    void text_nothingSampled_saysSo() {
        assertThat(profile(new CallTree("all")).text(true, true)).contains("nothing was sampled");
        assertThat(profile(new CallTree("all")).collapsed(true)).isEmpty();
    }

    @Test
    void html_namesWithMarkup_endsNoScript() throws Exception {
        CallTree tree = new CallTree("all");
        computes(tree, 10, "</script><b>\"\\");
        StringBuilder page = new StringBuilder();

        profile(tree).writeHtml(page, false);

        assertThat(page).containsOnlyOnce("</script>").contains("\\u003c/script\\u003e");
        assertThat(page).doesNotContain("http:").doesNotContain("https:").doesNotContain("DATA");
    }

    @Test
    void frames_ofGreenThreads_areTheProgramsOnly() {
        List<String> names =
                List.of(
                        "java.lang.VirtualThread.run",
                        "evy.hubs.Greenlet.main",
                        "evy.GreenThread.run",
                        "com.acme.Main.work",
                        "evy.Evy.sleep",
                        "evy.hubs.Waiter.await",
                        "java.lang.VirtualThread.park");

        assertThat(Frames.withoutInner(Frames.withoutOuter(names)))
                .containsExactly("com.acme.Main.work", "evy.Evy.sleep");
        assertThat(Frames.name("a.B$$Lambda/0x000012", "run")).isEqualTo("a.B$$Lambda.run");
    }
}
