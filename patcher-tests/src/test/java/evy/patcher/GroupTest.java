package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which groups a choice means. */
@ExtendWith(LeakCheckExtension.class)
class GroupTest {
    private static final Set<Group> USUAL =
            EnumSet.of(
                    Group.OS,
                    Group.SELECT,
                    Group.SOCKET,
                    Group.THREAD,
                    Group.TIME,
                    Group.DNS,
                    Group.PROCESS);

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "all", "all=true", "all=true,socket=true", "db=false"})
    @Spec("PATCH2")
    void parse_nothingOrAll_isTheUsualGroups(String text) {
        assertThat(Group.parse(text)).isEqualTo(USUAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all=false", "all=false,socket=false", " all = false "})
    @Spec("PATCH2")
    void parse_allFalse_isNothing(String text) {
        assertThat(Group.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "all=false,select=true | select",
                "all=false,select | select",
                "socket=true | socket",
                "socket | socket",
                "socket,time | socket time",
                "socket=true , time=true | socket time",
                "socket=true,time=false | socket",
                "all=false,socket,time | socket time",
                "socket=false | os select thread time dns process",
                "socket=false,time=false | os select thread dns process",
                "all=true,socket=false | os select thread time dns process",
                "all,db | os select socket thread time dns process db",
                "all=true,db=true | os select socket thread time dns process db",
                "db | db"
            })
    @Spec({"PATCH2", "PATCH4"})
    void parse_flags_chooseGroups(String text, String chosen) {
        assertThat(Group.parse(text))
                .extracting(Group::toString)
                .containsExactly(chosen.split(" "));
    }

    @Test
    @Spec("PATCH4")
    void usual_isAllButWhatNeedsARequest() {
        assertThat(Group.usual()).isEqualTo(USUAL).doesNotContain(Group.DB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sockets", "Socket", "socket,http", "=true", "socket time"})
    @Spec("PATCH2")
    void parse_unknownWord_isAnErrorThatNamesItAndTheValidOnes(String text) {
        String word = text.substring(text.indexOf(',') + 1).replace("=true", "");

        assertThatThrownBy(() -> Group.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + word + "'")
                .hasMessageContaining(
                        "os, select, socket, thread, time, dns, process, db, and all");
    }

    @Test
    @Spec("PATCH2")
    void parse_neitherTrueNorFalse_isAnErrorThatNamesTheEntry() {
        assertThatThrownBy(() -> Group.parse("time,socket=on"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'socket=on': the value must be true or false");
    }

    @Test
    @Spec("PATCH2")
    void choose_unknownName_isAnErrorWhateverItsValue() {
        assertThatThrownBy(() -> Group.choose(Map.of("http", false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'http'");
    }

    @Test
    @Spec({"PATCH5", "PATCH14"})
    void isMonkeyPatched_withoutAgent_isFalseByGroupAndByName() {
        for (Group group : Group.values()) {
            assertThat(Patcher.isMonkeyPatched(group)).isFalse();
            assertThat(Patcher.isMonkeyPatched(group.toString())).isFalse();
        }

        assertThatThrownBy(() -> Patcher.isMonkeyPatched("http"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'http'");
    }

    @Test
    @Spec("PATCH1")
    void monkeyPatch_withoutAgent_isAnErrorThatShowsTheFlag() {
        assertThatThrownBy(Patcher::monkeyPatch)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("-javaagent:evy.jar");
        assertThatThrownBy(() -> Patcher.monkeyPatch(Group.TIME))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Spec("PATCH14")
    void report_withoutAgent_listsEverySeamAsOff() {
        assertThat(Patcher.report())
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(
                        seam -> {
                            assertThat(seam.state()).isEqualTo(SeamReport.State.OFF);
                            assertThat(seam.toString())
                                    .startsWith("OFF")
                                    .contains(seam.group().toString())
                                    .contains(seam.detail());
                        });
    }
}
