package evy.patcher.spew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import evy.Evy;
import evy.debug.SpewOptions;
import evy.testkit.LeakCheckExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sample.traced.Spewed;
import sample.traced.Tricky;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A trace of a program some of whose classes cannot be traced, and its beginning and end. */
@ExtendWith(LeakCheckExtension.class)
class TraceTest {
    private static final String SPEWED = Spewed.class.getName();

    @TempDir Path folder;

    private final Set<Class<?>> taboo = new HashSet<>();
    private final List<Class<?>> rewritten = new ArrayList<>();
    private final List<ClassFileTransformer> transformers = new ArrayList<>();
    private final AgentTracer tracer = new AgentTracer();

    /** Instrumentation of a program that has loaded two classes; it changes nothing. */
    private Instrumentation pretended() {
        return (Instrumentation)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Instrumentation.class},
                        (_, method, arguments) ->
                                switch (method.getName()) {
                                    case "addTransformer" ->
                                            transformers.add((ClassFileTransformer) arguments[0])
                                                    ? null
                                                    : this;
                                    case "removeTransformer" -> transformers.remove(arguments[0]);
                                    case "getAllLoadedClasses" ->
                                            new Class<?>[] {
                                                Spewed.class, Tricky.class, int[].class
                                            };
                                    case "isModifiableClass" -> true;
                                    case "retransformClasses" ->
                                            retransform((Class<?>[]) arguments[0]);
                                    default ->
                                            throw new UnsupportedOperationException(
                                                    method.getName());
                                });
    }

    private @Nullable Object retransform(Class<?>... types) throws Exception {
        for (Class<?> type : types) {
            if (taboo.contains(type)) {
                throw new InternalError("this class is taboo");
            }
        }
        for (Class<?> type : types) {
            for (ClassFileTransformer transformer : transformers) {
                byte[] changed =
                        transformer.transform(
                                type.getClassLoader(),
                                type.getName().replace('.', '/'),
                                type,
                                type.getProtectionDomain(),
                                bytes(type));
                if (changed != null) {
                    rewritten.add(type);
                }
            }
        }
        return null;
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream in = ClassLoader.getSystemResourceAsStream(file)) {
            return in.readAllBytes();
        }
    }

    private SpewOptions options(String... names) {
        return SpewOptions.of(names).to((String _) -> {});
    }

    @AfterEach
    void stop() {
        tracer.stop();
        AgentTracer.provide(null);
    }

    @Test
    void start_classThatCannotBeChanged_isToldAndTheOthersAreTraced() {
        AgentTracer.provide(pretended());
        taboo.add(Spewed.class);

        List<String> warned = warnings(() -> tracer.start(options(SPEWED, Tricky.class.getName())));

        assertThat(rewritten).containsExactly(Tricky.class);
        assertThat(warned)
                .singleElement()
                .isEqualTo(
                        SPEWED
                                + " stays as it is: java.lang.InternalError: this class is"
                                + " taboo");
        tracer.stop();
        assertThat(transformers).isEmpty();
    }

    @Test
    void transform_classThatIsNone_isToldAndStays() throws Exception {
        AgentTracer.provide(pretended());
        tracer.start(options("com.acme"));
        ClassFileTransformer trace = transformers.getFirst();
        byte[] noise = {1, 2, 3, 4};
        List<byte[]> result = new ArrayList<>();

        List<String> warned =
                warnings(() -> result.add(transform(trace, getClass().getClassLoader(), noise)));

        assertThat(result).containsExactly((byte[]) null);
        assertThat(warned).singleElement().asString().startsWith("com.acme.App is not traced: ");
    }

    @Test
    void transform_loaderThatDoesNotSeeTheBridge_isLeftAlone() throws Exception {
        AgentTracer.provide(pretended());
        tracer.start(options("com.acme"));
        ClassLoader blind =
                new ClassLoader(null) {
                    @Override
                    protected Class<?> loadClass(String name, boolean resolve)
                            throws ClassNotFoundException {
                        throw new ClassNotFoundException(name);
                    }
                };
        byte[] bytes = bytes(Spewed.class);

        assertThat(transform(transformers.getFirst(), blind, bytes)).isNull();
        assertThat(transform(transformers.getFirst(), getClass().getClassLoader(), bytes))
                .isNotNull();
    }

    private static byte @Nullable [] transform(
            ClassFileTransformer trace, ClassLoader loader, byte... bytes) {
        try {
            return trace.transform(loader, "com/acme/App", null, null, bytes);
        } catch (java.lang.instrument.IllegalClassFormatException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void start_fileThatCannotBeWritten_saysWhyAndKeepsTheTraceBefore() throws Exception {
        AgentTracer.provide(pretended());
        tracer.start(options("com.acme"));
        SpewOptions nowhere = SpewOptions.of("com.acme").to(folder.resolve("no/where"));

        for (boolean green : List.of(true, false)) {
            assertThatThrownBy(
                            () -> {
                                if (green) {
                                    Evy.run(() -> tracer.start(nowhere));
                                } else {
                                    tracer.start(nowhere);
                                }
                            })
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("cannot print the trace: ")
                    .hasMessageContaining("no/where");
        }
        assertThat(transformers).hasSize(1);
    }

    @Test
    void start_withoutAgent_saysWhatIsNeeded() {
        assertThatThrownBy(() -> tracer.start(options("com.acme")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("-javaagent");
    }

    /** What is warned of meanwhile. */
    private static List<String> warnings(Runnable action) {
        List<String> messages = new ArrayList<>();
        Logger logger = Logger.getLogger("evy.debug");
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord record) {
                        messages.add(record.getMessage());
                    }

                    @Override
                    public void flush() {
                        // nothing is kept back
                    }

                    @Override
                    public void close() {
                        // nothing is open
                    }
                };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return messages;
    }
}
