package evy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Classes marked {@link AnyPoller} reach nothing that has a descriptor, nor do their helpers. */
class AnyPollerTest {
    private static final String MARK = AnyPoller.class.descriptorString();

    /** What has descriptors, chooses a poller, or starts processes that may. */
    private static final Pattern FORBIDDEN =
            Pattern.compile(
                    "evy/(io|processes|internal/(poll|os|net))/|java/net/|java/nio/channels/"
                            + "|java/lang/Process|NetFixtures|JavaProgram"
                            + "|^(serve|connect|listen|ofKind|evy[.]hub|EVY_HUB)$");

    private static final Pattern OF_THE_TESTS =
            Pattern.compile("evy/(?:behaviour|jsr166|testkit/contract)/[\\w$]+");

    private final Map<String, Set<String>> words = new HashMap<>();

    @Test
    void markedClasses_withAllTheirHelpers_nameNothingOfAPollers() throws Exception {
        List<String> wrong = new ArrayList<>();
        Set<String> marked = marked();
        for (String name : marked) {
            for (String reached : reachable(name)) {
                for (String word : words(reached)) {
                    if (FORBIDDEN.matcher(word).find()) {
                        wrong.add(name + " through " + reached + ": " + word);
                    }
                }
            }
        }

        assertThat(marked).hasSizeGreaterThan(10);
        assertThat(wrong).as("not for any poller: take @AnyPoller away").isEmpty();
    }

    @Test
    void socketTests_lookedAtTheSameWay_wouldBeFound() throws Exception {
        for (Class<?> test :
                List.of(SocketTest.class, ServeTest.class, FaultIT.class, DescriptorTest.class)) {
            assertThat(reachable(test.getName().replace('.', '/')))
                    .as(test.getName())
                    .anySatisfy(
                            name ->
                                    assertThat(words(name))
                                            .anyMatch(word -> FORBIDDEN.matcher(word).find()));
        }
    }

    /** The class files of this module whose class is marked. */
    private Set<String> marked() throws Exception {
        Path root =
                Path.of(
                        AnyPollerTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(AnyPollerTest::isClass)::iterator) {
                String name = root.relativize(file).toString().replaceFirst("[.]class$", "");
                if (!name.endsWith("AnyPoller")
                        && !name.endsWith("AnyPollerTest")
                        && words(name).contains(MARK)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    private static boolean isClass(Path file) {
        return file.toString().endsWith(".class");
    }

    /** This class, those nested in it, and all of the tests' that these name. */
    private Set<String> reachable(String first) throws IOException {
        Set<String> found = new HashSet<>();
        var open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            String name = open.remove();
            if (found.add(name)) {
                for (String word : words(name)) {
                    OF_THE_TESTS.matcher(word).results().forEach(named -> open.add(named.group()));
                }
            }
        }
        return found;
    }

    /** All names, descriptors and texts of a class file; none if there is no such file. */
    private Set<String> words(String name) throws IOException {
        Set<String> known = words.get(name);
        if (known == null) {
            known = new HashSet<>();
            try (var in = AnyPollerTest.class.getResourceAsStream("/" + name + ".class")) {
                if (in != null) {
                    for (var entry : ClassFile.of().parse(in.readAllBytes()).constantPool()) {
                        if (entry instanceof Utf8Entry text) {
                            known.add(text.stringValue());
                        }
                    }
                }
            }
            words.put(name, known);
        }
        return known;
    }
}
