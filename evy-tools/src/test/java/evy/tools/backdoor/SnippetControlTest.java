package evy.tools.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import evy.hubs.Hub;
import evy.testkit.LeakCheckExtension;

import jdk.jshell.spi.ExecutionControl.ClassBytecodes;
import jdk.jshell.spi.ExecutionControl.ClassInstallException;
import jdk.jshell.spi.ExecutionControl.EngineTerminationException;
import jdk.jshell.spi.ExecutionControl.NotImplementedException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.util.Map;
import java.util.concurrent.Executors;

/** What JShell's engine and its loader do if something is not as it should be. */
@ExtendWith(LeakCheckExtension.class)
class SnippetControlTest {
    private final SharedCompiler compiler =
            new SharedCompiler(ClassLoader.getPlatformClassLoader());
    private final SessionOutput output = new SessionOutput();
    private final SnippetLoader loader =
            new SnippetLoader(
                    compiler.program(), new Brake(Hub.getDefault()), Map.of("answer", 42));

    @Test
    void load_codeThatIsNone_isToldWithWhatWasLoaded() {
        var control = new SnippetControl(Hub.getDefault(), loader, output, compiler);
        ClassBytecodes[] classes = {
            new ClassBytecodes("Good", type("Good")), new ClassBytecodes("Bad", new byte[] {1, 2})
        };

        var thrown = catchThrowableOfType(ClassInstallException.class, () -> control.load(classes));

        assertThat(thrown).hasMessageStartingWith("load: ");
        assertThat(thrown.installed()).containsExactly(true, false);
    }

    @Test
    void addToClasspath_any_isRefused() {
        var control = new SnippetControl(Hub.getDefault(), loader, output, compiler);

        assertThatThrownBy(() -> control.addToClasspath("lib"))
                .isInstanceOf(NotImplementedException.class)
                .hasMessage("the class path is the program's");
    }

    @Test
    void invoke_hubThatIsClosed_endsTheEngine() throws Exception {
        var hub = Hub.open();
        hub.close();
        var control = new SnippetControl(hub, loader, output, compiler);
        ClassBytecodes[] classes = {new ClassBytecodes("Good", type("Good"))};
        control.load(classes);

        assertThatThrownBy(() -> control.invoke("Good", "run"))
                .isInstanceOf(EngineTerminationException.class)
                .hasMessageContaining(hub.name());
    }

    @Test
    void accept_inputOfManyLinesThatIsTooLong_isDropped() throws Exception {
        var shell = new Shell(Hub.getDefault(), Map.of(), output, compiler);

        assertThat(shell.accept("x".repeat(262_145))).isTrue();

        assertThat(shell.isPending()).isFalse();
        assertThat(printed()).isEqualTo("|  The input exceeds 262144 characters; it was dropped\n");
        shell.close(); // JShell was not even started
    }

    private String printed() throws Exception {
        output.close();
        var client = new java.io.ByteArrayOutputStream();
        try (var executor = Executors.newSingleThreadExecutor()) {
            executor.submit(
                            () -> {
                                output.sendTo(client);
                                return null;
                            })
                    .get();
        }
        return client.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void loadClass_programThatDoesNotKnowUs_findsOurs() throws Exception {
        assertThat(loader.loadClass(Bindings.class.getName())).isSameAs(Bindings.class);
        assertThatThrownBy(() -> loader.loadClass("com.acme.None"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessage("com.acme.None");
        assertThat(loader.binding("answer")).isEqualTo(42);
    }

    @Test
    void getResourceAsStream_classOfASnippet_isWhatWasDeclared() throws Exception {
        var bytes = type("REPL.Snippet");
        loader.declare("REPL.Snippet", bytes);

        try (var in = loader.getResourceAsStream("REPL/Snippet.class")) {
            assertThat(in).hasBinaryContent(bytes);
        }
        assertThat(loader.getResourceAsStream("REPL/None.class")).isNull();
        assertThat(loader.getResourceAsStream("REPL/Snippet")).isNull();
    }

    @Test
    void types_classTheProgramDoesNotKnow_isObject() {
        assertThat(Bindings.types(new evy.sync.Event<>(), compiler.program()))
                .containsExactly("Object");
    }

    private static byte[] type(String name) {
        return ClassFile.of().build(ClassDesc.of(name), _ -> {});
    }
}
