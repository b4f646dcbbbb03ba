package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** The JDK's TLS, and HTTP over it, on green threads of a JVM with the agent. */
@ExtendWith(LeakCheckExtension.class)
class TlsIT {
    @TempDir private static Path folder;
    private static Path keys;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = folder.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keystore",
                                keys.toString(),
                                "-storepass",
                                TlsPrograms.PASSWORD,
                                "-alias",
                                TlsPrograms.ALIAS,
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=ip:127.0.0.1,dns:localhost")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(keytool.waitFor()).as("keytool's exit code").isZero();
        keytool.getOutputStream().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlap", "engine", "timeouts"})
    @Spec({"PATCH3", "MODS1"})
    void tlsOfTheJdk_onHubs_waitsGreen(String program) throws Exception {
        run(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crawl by URL", "crawl by client"})
    @Spec({"PATCH3", "PATCH11", "MODS4"})
    void crawl_overHttpsWithRedirects_getsAllPagesAtOnce(String program) throws Exception {
        run(program);
    }

    private static void run(String program) throws Exception {
        try (ChildJvm child = ChildJvm.patched(TlsPrograms.class, program, keys.toString())) {
            assertThat(child.outOfSuccess()).isEqualTo("DONE\n");
        }
    }
}
