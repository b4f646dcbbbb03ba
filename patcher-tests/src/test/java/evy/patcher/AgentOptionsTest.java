package evy.patcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.debug.SpewOptions;
import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.nio.file.Path;

/** The agent's argument. */
@ExtendWith(LeakCheckExtension.class)
class AgentOptionsTest {
    @Test
    @Spec({"DBG1", "PATCH2"})
    void parse_groupsOnly_tracesNothing() {
        AgentOptions options = AgentOptions.parse("socket,time");

        assertThat(options.groups()).containsExactlyInAnyOrder(Group.SOCKET, Group.TIME);
        assertThat(options.spew()).isNull();
    }

    @Test
    @Spec("DBG1")
    void parse_spewAmongGroups_leavesTheGroupsAsTheyAre() {
        AgentOptions options = AgentOptions.parse("thread=false,spew=com.acme+A.B+values");

        assertThat(options).isNotNull();
        assertThat(options.groups()).isEqualTo(Group.parse("thread=false"));
        assertThat(options.spew()).isEqualTo(SpewOptions.of("com.acme", "A.B").withValues());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spew", "spew="})
    @Spec("DBG1")
    void parse_spewWithoutNames_isAllOfTheProgram(String text) {
        assertThat(AgentOptions.parse(text).spew()).isEqualTo(SpewOptions.of());
        assertThat(AgentOptions.parse(text).groups()).isEqualTo(Group.usual());
    }

    @Test
    @Spec("DBG1")
    void parse_fileAndSources_areTaken() {
        String text = "spewTo=a.txt,spewSources=src" + File.pathSeparator + "b.jar,spew=+values";

        assertThat(AgentOptions.parse(text).spew())
                .isEqualTo(
                        SpewOptions.of()
                                .withValues()
                                .withSources(Path.of("src"), Path.of("b.jar"))
                                .to(Path.of("a.txt")));
    }

    @Test
    @Spec("DBG1")
    void parse_fileWithoutSpew_isRefused() {
        assertThatThrownBy(() -> AgentOptions.parse("spewTo=a.txt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spewTo and spewSources need spew beside them");
    }
}
