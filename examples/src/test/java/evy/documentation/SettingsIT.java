package evy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.Spec;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the documents say of settings is what the code reads, all of it. */
class SettingsIT {
    private static final String TABLES = "docs/manual/environment.md";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern MENTION =
            Pattern.compile("\\b(EVY_[A-Z_]+)\\b|-D(evy\\.[a-z.]*[a-z])");
    private static final Set<String> OF_TESTS = Set.of("evy.docs");

    /** What the first two cells of the tables' rows name. */
    private static Set<String> documented() throws IOException {
        var names = new TreeSet<String>();
        for (var line : Document.read(TABLES).lines()) {
            var cells = line.split("\\|", -1);
            for (int i = 1; line.startsWith("|") && i <= 2; i++) {
                CODE.matcher(cells[i])
                        .results()
                        .map(code -> code.group(1))
                        .filter(Settings::isName)
                        .forEach(names::add);
            }
        }
        return names;
    }

    @Test
    @Spec({"ENV1", "ENV2"})
    void tables_areWhatTheCodeReads() throws IOException {
        assertThat(documented()).as("rows of " + TABLES).isEqualTo(Settings.read());
    }

    @Test
    void everyMention_isOfASettingThatExists() throws IOException {
        var poms = Poms.text();
        var known = documented();
        var unknown = new ArrayList<String>();
        for (var document : Document.written()) {
            for (int i = 0; i < document.lines().size(); i++) {
                var mention = MENTION.matcher(document.lines().get(i));
                while (mention.find()) {
                    var name = mention.group(mention.group(1) == null ? 2 : 1);
                    if (!known.contains(name) && !OF_TESTS.contains(name) && !poms.contains(name)) {
                        unknown.add(document.at(i + 1) + ": " + name);
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void help_namesVariables_thatExist() throws IOException {
        var help = Files.readString(Document.file("evy")).split("\nEND\n", 2)[0];

        var named = Pattern.compile("EVY_[A-Z_]+").matcher(help).results().map(m -> m.group());

        assertThat(documented()).containsAll(named.toList());
    }

    @Test
    void collect_literalsAndConstants_areFound() {
        var names = new TreeSet<String>();

        Settings.collect(
                """
                private static final String A = "evy.a";
                Object o = System.getProperty(A, System.getenv("EVY_A"));
                boolean b = Boolean.getBoolean(
                        "evy.b");
                """,
                names);

        assertThat(names).containsAll(List.of("evy.a", "EVY_A", "evy.b"));
    }
}
