package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.patcher.imports.ClassPath;
import evy.patcher.library.Recipes;
import evy.testkit.LeakCheckExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;

/** Jars and folders that are damaged, or lack what is looked for. */
@ExtendWith(LeakCheckExtension.class)
class ImportClassPathTest {
    @TempDir Path folder;

    @Test
    void loadClass_inNoneOfTheEntries_isTheParents() throws Exception {
        try (PatchedLoader loader = PatchedLoader.open(List.of(folder), Library.options())) {
            assertThat(loader.loadClass(Recipes.class.getName())).isSameAs(Recipes.class);
        }
    }

    @Test
    void loadClass_entryThatIsDamaged_isNotFoundAndSaysWhy() throws Exception {
        String name = "com/acme/App.class";
        Path jar = zip(name, "x".repeat(500));
        byte[] bytes = Files.readAllBytes(jar);
        bytes[30 + name.length()] = 7; // the local header's end: a block of a type there is not
        Files.write(jar, bytes);
        try (PatchedLoader loader = PatchedLoader.open(List.of(jar), ImportOptions.usual())) {
            assertThatThrownBy(() -> loader.loadClass("com.acme.App"))
                    .isInstanceOf(ClassNotFoundException.class)
                    .hasMessage("com.acme.App")
                    .hasCauseInstanceOf(ZipException.class);
        }
    }

    @Test
    void open_manifestThatIsNone_isAnError() throws Exception {
        Path jar = zip("META-INF/MANIFEST.MF", "this is no manifest\n");

        assertThatThrownBy(() -> PatchedLoader.open(List.of(folder, jar), ImportOptions.usual()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("invalid header field");
    }

    private Path zip(String name, String text) throws IOException {
        Path file = folder.resolve("lib.jar");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    @Test
    @SuppressWarnings("deprecation") // no other way makes such a URL
    void locationOf_classFromWhatIsNoFile_isUnknown() throws Exception {
        assertThat(ClassPath.locationOf(classOf(new URL("file:/a b.jar")))).isNull();
        assertThat(ClassPath.locationOf(classOf(new URL("http://localhost/a.jar")))).isNull();
        assertThat(ClassPath.locationOf(classOf(null))).isNull();
        assertThat(ClassPath.locationOf(classOf(new URL("file:/a.jar"))))
                .isEqualTo(Path.of("/a.jar"));
    }

    private static Class<?> classOf(URL location) {
        byte[] bytes = ClassFile.of().build(ClassDesc.of("com.acme.App"), _ -> {});
        CodeSource source =
                location == null ? null : new CodeSource(location, (Certificate[]) null);
        return new ClassLoader() {
            Class<?> define() {
                return defineClass(
                        "com.acme.App", bytes, 0, bytes.length, new ProtectionDomain(source, null));
            }
        }.define();
    }
}
