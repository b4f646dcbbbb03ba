package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/** Makes jars from sources. */
final class TestJars {
    private final Path folder;
    private final Map<String, byte[]> entries = new TreeMap<>();
    private final Manifest manifest = new Manifest();

    TestJars(Path folder) {
        this.folder = folder;
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    }

    /** Compiles a class, against jars, into a folder of the jar. */
    TestJars source(String prefix, String className, String text, Path... classPath)
            throws IOException {
        Path sources = Files.createTempDirectory(folder, "src");
        Path classes = Files.createTempDirectory(folder, "classes");
        Path file = sources.resolve(className.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        List<String> arguments =
                new ArrayList<>(
                        List.of("-d", classes.toString(), "-proc:none", file.toString(), "-cp"));
        arguments.add(String.join(":", Stream.of(classPath).map(Path::toString).toList()));
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).isZero();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path compiled : files.filter(Files::isRegularFile).toList()) {
                entries.put(prefix + classes.relativize(compiled), Files.readAllBytes(compiled));
            }
        }
        return this;
    }

    TestJars file(String name, String text) {
        entries.put(name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return this;
    }

    TestJars attribute(Attributes.Name name, String value) {
        manifest.getMainAttributes().put(name, value);
        return this;
    }

    /** Writes what has come together. */
    Path write(String name) throws IOException {
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entriesOut = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                entriesOut.putNextEntry(new JarEntry(entry.getKey()));
                entriesOut.write(entry.getValue());
            }
        }
        return jar;
    }
}
