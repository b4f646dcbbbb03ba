package evy.testkit.spec;

import evy.testkit.Spec;

import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the result of every test that carries {@link Spec} to the file that the system property
 * {@code evy.spec.out} names; does nothing without it.
 *
 * <p>The first line of the file names the build ({@code evy.build.id}): test processes of one build
 * add to the file, the first of another build starts it anew.
 */
public final class SpecListener implements TestExecutionListener {
    private final @Nullable Path file;
    private final String header;

    // guarded by this
    private final Map<String, SpecResult> results = new TreeMap<>();
    private @Nullable TestPlan plan;

    /** Made by JUnit. */
    public SpecListener() {
        this(System.getProperty("evy.spec.out"), System.getProperty("evy.build.id", ""));
    }

    SpecListener(@Nullable String file, String build) {
        this.file = file == null ? null : Path.of(file);
        header = "# build " + build;
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan testPlan) {
        results.clear();
        plan = testPlan;
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        recordBelow(test, Outcome.SKIP, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    record(test, Outcome.PASS, "");
                }
            }
            case ABORTED -> recordBelow(test, Outcome.SKIP, reason(result));
            case FAILED -> recordBelow(test, Outcome.FAIL, "");
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan testPlan) {
        if (file == null) {
            return;
        }
        try {
            write(file);
        } catch (IOException e) {
            throw new UncheckedIOException("results of @Spec tests not written: " + file, e);
        }
    }

    /** A container that is skipped or broken takes with it the tests that never started. */
    private void recordBelow(TestIdentifier test, Outcome outcome, String reason) {
        record(test, outcome, reason);
        if (plan != null) {
            plan.getDescendants(test).forEach(below -> record(below, outcome, reason));
        }
    }

    private void record(TestIdentifier test, Outcome outcome, String reason) {
        if (file == null || !(test.getSource().orElse(null) instanceof MethodSource source)) {
            return;
        }
        var ids = ids(source);
        if (!ids.isEmpty()) {
            var name = source.getClassName() + "." + source.getMethodName();
            var result = new SpecResult(ids, name, outcome, reason);
            results.merge(name, result, SpecResult::and);
        }
    }

    private static SortedSet<String> ids(MethodSource source) {
        var ids = new TreeSet<String>();
        addIds(source.getJavaMethod(), ids);
        for (Class<?> owner = source.getJavaClass();
                owner != null;
                owner = owner.getEnclosingClass()) {
            addIds(owner, ids);
        }
        return ids;
    }

    private static void addIds(AnnotatedElement element, SortedSet<String> ids) {
        var spec = element.getAnnotation(Spec.class);
        if (spec != null) {
            Collections.addAll(ids, spec.value());
        }
    }

    private static String reason(TestExecutionResult result) {
        Optional<String> message = result.getThrowable().map(Throwable::getMessage);
        return message.orElse("aborted");
    }

    private void write(Path target) throws IOException {
        var lines = new ArrayList<String>();
        var folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var sameBuild = Files.exists(target) && List.of(header).equals(firstLine(target));
        if (!sameBuild) {
            lines.add(header);
        }
        results.values().forEach(result -> lines.add(result.toLine()));
        if (sameBuild) {
            Files.write(target, lines, StandardOpenOption.APPEND);
        } else {
            Files.write(target, lines);
        }
    }

    private static List<String> firstLine(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.limit(1).toList();
        }
    }
}
