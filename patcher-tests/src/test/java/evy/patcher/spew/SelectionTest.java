package evy.patcher.spew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.List;

/** Which classes names choose, and which no name may. */
@ExtendWith(LeakCheckExtension.class)
class SelectionTest {
    @ParameterizedTest
    @CsvSource({
        "com.acme, com.acme.Report, true",
        "com.acme, com.acme.deep.Report$Row, true",
        "com.acme, com.acmes.Report, false",
        "com.acme.Report, com.acme.Report, true",
        "com.acme.Report, com.acme.Report$Row$1, true",
        "com.acme.Report.Row, com.acme.Report$Row, true",
        "com.acme.Report$Row, com.acme.Report$Row, true",
        "com.acme.Report$Row, com.acme.Report, false",
        "com.acme.Report, com.acme.Reports, false",
    })
    @Spec("DBG1")
    void covers_name_isAPackageOrAClassWithWhatIsInside(
            String name, String className, boolean covered) {
        assertThat(covers(Selection.of(List.of(name)), className)).isEqualTo(covered);
    }

    private boolean covers(Selection selection, String className) {
        return selection.covers(className, getClass().getClassLoader(), null);
    }

    @Test
    @Spec("DBG1")
    void covers_noNames_isAllButTheJdkAndEvy() {
        Selection all = Selection.of(List.of());

        assertThat(covers(all, "Main")).isTrue();
        assertThat(covers(all, "evy.hubs.Hub")).isFalse();
        assertThat(all.covers("java.util.List", null, null)).isFalse();
        assertThat(
                        all.covers(
                                Hub.class.getName(),
                                Hub.class.getClassLoader(),
                                Hub.class.getProtectionDomain()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "java.util", "java.util.List", "javax.net.ssl", "sun.nio.ch"})
    @Spec("DBG1")
    void of_nameOfTheJdk_isRefused(String name) {
        assertThatThrownBy(() -> Selection.of(List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot trace '" + name + "': the trace is made by the JDK's classes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evy", "evy.hubs", "evy.Evy"})
    @Spec("DBG1")
    void of_nameOfEvy_isRefused(String name) {
        assertThatThrownBy(() -> Selection.of(List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Evy's own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9a", "com.acme.", "com acme", "com.acme.*"})
    @Spec("DBG1")
    void of_noName_isRefused(String name) {
        assertThatThrownBy(() -> Selection.of(List.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'; write com.acme");
    }

    @Test
    @SuppressWarnings("deprecation") // no other way makes such a URL
    void covers_locationThatIsNoUri_isTheProgramsAllTheSame() throws Exception {
        CodeSource source = new CodeSource(new URL("file:/a b.jar"), (Certificate[]) null);
        ProtectionDomain domain = new ProtectionDomain(source, null);

        assertThat(Selection.location(domain)).isNull();
        assertThat(
                        Selection.of(List.of("com.acme"))
                                .covers("com.acme.App", getClass().getClassLoader(), domain))
                .isTrue();
    }
}
