package evy.tools;

import evy.Evy;
import evy.internal.poll.Backend;
import evy.internal.vthread.VirtualThreads;
import evy.patcher.SeamReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Says line by line whether this machine and this Java have what Evy needs. */
final class Doctor {
    private static final int TESTED_FEATURE = 25;
    private static final long FEW_FILES = 10_240;
    private static final long SHORT_BACKLOG = 1_024;
    private static final long FEW_PORTS = 16_384;

    private final PrintStream out;
    private final List<SeamReport> patches;
    private boolean healthy = true;

    /**
     * Makes one.
     *
     * @param out where to say it
     * @param patches what the agent has patched; empty without it
     */
    Doctor(PrintStream out, List<SeamReport> patches) {
        this.out = out;
        this.patches = patches;
    }

    /**
     * Prints the findings.
     *
     * @return true if nothing is missing
     */
    boolean examine() {
        java();
        system();
        opened();
        nativeAccess();
        scheduler();
        hub();
        patches();
        openFiles();
        backlog();
        ports();
        return healthy;
    }

    private void java() {
        var feature = Runtime.version().feature();
        var found =
                "%s %s, %s"
                        .formatted(
                                property("java.vendor"),
                                property("java.runtime.version"),
                                property("java.home"));
        if (feature < TESTED_FEATURE) {
            missing("java", found, "use JDK " + TESTED_FEATURE);
        } else if (feature > TESTED_FEATURE) {
            warn("java", found, "tested on JDK " + TESTED_FEATURE + " only");
        } else {
            ok("java", found);
        }
    }

    private void system() {
        var runtime = Runtime.getRuntime();
        ok(
                "system",
                "%s %s %s, %d cores, heap up to %d MiB"
                        .formatted(
                                property("os.name"),
                                property("os.version"),
                                property("os.arch"),
                                runtime.availableProcessors(),
                                runtime.maxMemory() >> 20));
    }

    private void opened() {
        if (Thread.class.getModule().isOpen("java.lang", Evy.class.getModule())) {
            ok("java.lang", "open to Evy");
        } else {
            missing(
                    "java.lang",
                    "not open to Evy",
                    "add --add-opens java.base/java.lang=" + moduleName());
        }
    }

    private void nativeAccess() {
        if (Evy.class.getModule().isNativeAccessEnabled()) {
            ok("native access", "enabled");
        } else {
            warn("native access", "off", "add --enable-native-access=" + moduleName());
        }
    }

    private void scheduler() {
        String problem;
        try {
            problem = VirtualThreads.selfTest();
        } catch (LinkageError | RuntimeException e) {
            problem = e.toString();
        }
        if (problem == null) {
            ok("scheduler", "virtual threads run on a scheduler of ours");
        } else {
            missing("scheduler", problem, "see the lines java and java.lang");
        }
    }

    private void hub() {
        var asked = System.getProperty("evy.hub", System.getenv("EVY_HUB"));
        var backends = List.of(Backend.all());
        var known =
                backends.stream()
                        .map(backend -> backend.name() + describe(backend.unavailable()))
                        .collect(Collectors.joining(", "));
        var chosen =
                backends.stream()
                        .filter(
                                backend ->
                                        asked == null
                                                ? backend.unavailable() == null
                                                : backend.name().equals(asked))
                        .findFirst();
        if (chosen.isEmpty()) {
            var wanted = asked == null ? "none is available" : "'" + asked + "' is not known";
            missing("hub", wanted + " (" + known + ")", "set EVY_HUB to one that is");
        } else if (chosen.get().unavailable() != null) {
            missing("hub", chosen.get().name() + " (" + known + ")", "set EVY_HUB to another");
        } else {
            ok("hub", chosen.get().name() + " (" + known + ")");
        }
    }

    private void patches() {
        if (patches.isEmpty()) {
            warn("patches", "no agent", "start java with -javaagent:evy.jar");
        }
        for (var report : patches) {
            var found = "%s: %s".formatted(report.seam(), report.detail());
            switch (report.state()) {
                case APPLIED -> ok("patch " + report.group(), found);
                case OFF -> line("off", "patch " + report.group(), found);
                case NOT_FOUND, FAILED -> {
                    var fix = "the JDK's own behaviour stays there; use JDK " + TESTED_FEATURE;
                    warn("patch " + report.group(), found, fix);
                }
            }
        }
    }

    private static String describe(@Nullable String unavailable) {
        return unavailable == null ? " available" : " unavailable: " + unavailable;
    }

    private void openFiles() {
        for (var line : lines("/proc/self/limits")) {
            if (line.startsWith("Max open files")) {
                var words = line.substring("Max open files".length()).strip().split("\\s+", -1);
                var found = "soft %s, hard %s".formatted(words[0], words[1]);
                check("open files", found, number(words[0]) >= FEW_FILES, "raise ulimit -n");
            }
        }
    }

    private void backlog() {
        for (var line : lines("/proc/sys/net/core/somaxconn")) {
            var fix = "raise sysctl net.core.somaxconn";
            check("accept backlog", "at most " + line, number(line) >= SHORT_BACKLOG, fix);
        }
    }

    private void ports() {
        for (var line : lines("/proc/sys/net/ipv4/ip_local_port_range")) {
            var range = line.strip().split("\\s+", -1);
            var count = number(range[1]) - number(range[0]) + 1;
            var fix = "widen sysctl net.ipv4.ip_local_port_range";
            var found = "%s to %s for connections out".formatted(range[0], range[1]);
            check("local ports", found, count >= FEW_PORTS, fix);
        }
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of(); // another system
        }
    }

    private static long number(String text) {
        return text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text.strip());
    }

    private static String property(String name) {
        return System.getProperty(name, "?");
    }

    private static String moduleName() {
        var module = Evy.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }

    private void check(String what, String found, boolean enough, String fix) {
        if (enough) {
            ok(what, found);
        } else {
            warn(what, found, fix);
        }
    }

    private void ok(String what, String found) {
        line("ok", what, found);
    }

    private void warn(String what, String found, String fix) {
        line("warn", what, found + "; " + fix);
    }

    private void missing(String what, String found, String fix) {
        healthy = false;
        line("MISSING", what, found + "; " + fix);
    }

    private void line(String state, String what, String text) {
        out.printf("%-8s%-16s%s%n", state, what, text);
    }
}
