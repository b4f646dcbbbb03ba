package evy.proofs;

import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;
import org.openjdk.jcstress.infra.runners.TestList;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the jcstress tests and judges what they saw.
 *
 * <p>jcstress itself fails when a forbidden outcome occurs. That is half of it here: a proof must
 * also have been run and its threads must have met, and a twin must show a forbidden outcome. Those
 * that neither failed nor did what they should get once more, and much more, time: on a busy
 * machine the threads may not have met.
 *
 * <p>Arguments: a folder to work in, the flags of the JVMs in one string, and options of jcstress.
 */
public final class Proofs {
    private static final int LONGER = 8;

    private final Path folder;
    private final String jvmFlags;
    private final List<String> options;

    private Proofs(Path folder, String jvmFlags, List<String> options) {
        this.folder = folder;
        this.jvmFlags = jvmFlags;
        this.options = options;
    }

    /** Exits with 1 and says why unless every proof held and every twin was found out. */
    public static void main(String... args) throws IOException, InterruptedException {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            fail("The proofs need two processors. To build without: no -Pproofs, no -Pstress");
        }
        long begun = System.nanoTime();
        List<String> options = Arrays.asList(args).subList(2, args.length);
        Proofs proofs =
                new Proofs(Path.of(args[0]), args[1].strip().replaceAll("\\s+", " "), options);
        List<Verdict> verdicts = proofs.judgeAll();

        verdicts.forEach(System.out::println);
        Files.writeString(proofs.folder.resolve("proofs.md"), tables(verdicts));
        List<Verdict> bad = verdicts.stream().filter(v -> !v.isGood()).toList();
        System.out.printf(
                "%d proofs and twins in %d s, tables in %s%n",
                verdicts.size(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
                proofs.folder.resolve("proofs.md"));
        if (!bad.isEmpty()) {
            fail(tables(bad) + "Not as claimed: see above, and the logs in " + proofs.folder);
        }
    }

    private static String tables(List<Verdict> verdicts) {
        return verdicts.stream().map(Verdict::table).collect(Collectors.joining("\n", "", "\n"));
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    private List<Verdict> judgeAll() throws IOException, InterruptedException {
        var verdicts = new TreeMap<String, Verdict>();
        // what is not run is not proved: the list is the compiler's, not the run's
        for (String name : TestList.tests()) {
            verdicts.put(name, Verdict.notRun(name));
        }
        judge("run", options, verdicts);

        var missed = new TreeSet<String>();
        verdicts.forEach(
                (name, verdict) -> {
                    if (verdict.isOpen()) {
                        missed.add(name);
                    }
                });
        if (!missed.isEmpty()) {
            judge("run-longer", longer(missed), verdicts);
        }
        return List.copyOf(verdicts.values());
    }

    private List<String> longer(Collection<String> names) {
        var longer = new ArrayList<>(options);
        int iterations = longer.indexOf("-iters") + 1;
        longer.set(iterations, "" + LONGER * Integer.parseInt(longer.get(iterations)));
        longer.add("-t");
        longer.add(
                names.stream().map(n -> Pattern.quote(n) + "$").collect(Collectors.joining("|")));
        return longer;
    }

    private void judge(String run, List<String> with, TreeMap<String, Verdict> verdicts)
            throws IOException, InterruptedException {
        for (TestResult result : ReportUtils.mergedByName(run(folder.resolve(run), with))) {
            verdicts.put(result.getName(), Verdict.of(result));
        }
    }

    private Collection<TestResult> run(Path in, List<String> with)
            throws IOException, InterruptedException {
        Files.createDirectories(in);
        for (Path old : results(in)) {
            Files.delete(old);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
        command.addAll(List.of("org.openjdk.jcstress.Main", "-jvmArgs", jvmFlags));
        command.addAll(with);
        File log = in.resolve("jcstress.log").toFile();
        // its exit code tells of twins found out, too; what was seen decides
        new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start()
                .waitFor();

        var seen = new InProcessCollector();
        for (Path file : results(in)) {
            read(file, seen);
        }
        return seen.getTestResults();
    }

    private static void read(Path file, InProcessCollector into) throws IOException {
        var reader = new DiskReadCollector(file.toString(), into);
        try {
            reader.dump();
        } catch (ClassNotFoundException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            reader.close();
        }
    }

    private static List<Path> results(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".bin.gz")).toList();
        }
    }

    private static String absolute(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
