package evy.patcher.spew;

import evy.debug.SpewOptions;
import evy.patcher.bridge.Bridge;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/** One trace, from {@link #begin} to {@link #end}: rewrites classes, and is told of their lines. */
final class Trace implements ClassFileTransformer, Bridge.Lines {
    private static final System.Logger LOG = System.getLogger("evy.debug");

    /* The JVM stops all threads for each call, for as long as it takes to put all of them in. */
    private static final int AT_ONCE = 32;

    private final Instrumentation instrumentation;
    private final Selection selection;
    private final Places places = new Places();
    private final LineWeaver weaver;
    private final Printer printer;
    private final Thread atExit;

    // any thread
    private final Set<String> woven = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<Boolean> askingValues = new ThreadLocal<>();

    // guarded by itself
    private final Map<ClassLoader, Boolean> seeingBridge = new WeakHashMap<>();

    /**
     * Makes one; opens what it prints to.
     *
     * @throws IOException if that cannot be done
     */
    Trace(Instrumentation instrumentation, Selection selection, SpewOptions options)
            throws IOException {
        this.instrumentation = instrumentation;
        this.selection = selection;
        weaver = new LineWeaver(options.values(), places);
        printer = new Printer(Sink.open(options.destination()), new Sources(options.sources()));
        atExit = Thread.ofPlatform().name("evy-spew-exit").unstarted(printer::end);
    }

    void begin() {
        loadAll();
        printer.start();
        Runtime.getRuntime().addShutdownHook(atExit);
        instrumentation.addTransformer(this, true);
        retransform(loaded());
        Bridge.lines = this;
    }

    /* What a line needs is loaded before, as to load a class may let other green threads run. */
    private static void loadAll() {
        Object values = List.of(Map.of('a', new int[] {1}), Thread.currentThread(), "c");
        Place place = new Place(new TracedClass("", null, null), "", 0, List.of("a"));
        new Event(0, "", place, inWords(place, new Object[] {values}), 0)
                .appendTo(new StringBuilder(), new Sources(List.of()));
    }

    void end() {
        Bridge.lines = null;
        instrumentation.removeTransformer(this);
        List<Class<?>> changed = loaded();
        changed.removeIf(type -> !woven.contains(type.getName()));
        retransform(changed);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // it is running, and so does the hook
        }
        printer.end();
    }

    private List<Class<?>> loaded() {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (!type.isHidden()
                    && !type.isArray()
                    && selection.covers(
                            type.getName(), type.getClassLoader(), type.getProtectionDomain())
                    && instrumentation.isModifiableClass(type)) {
                types.add(type);
            }
        }
        return types;
    }

    private void retransform(List<Class<?>> types) {
        for (int i = 0; i < types.size(); i += AT_ONCE) {
            List<Class<?>> some = types.subList(i, Math.min(i + AT_ONCE, types.size()));
            try {
                instrumentation.retransformClasses(some.toArray(Class<?>[]::new));
            } catch (UnmodifiableClassException | LinkageError | InternalError e) {
                some.forEach(this::retransform); // to learn whose fault it is
            }
        }
    }

    private void retransform(Class<?> type) {
        try {
            instrumentation.retransformClasses(type);
        } catch (UnmodifiableClassException | LinkageError | InternalError e) {
            LOG.log(System.Logger.Level.WARNING, type.getName() + " stays as it is: " + e, e);
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String className,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (className == null || loader == null) {
            return null;
        }
        String name = className.replace('/', '.');
        if (!selection.covers(name, loader, domain) || !seesBridge(loader)) {
            return null;
        }
        try {
            byte[] changed = weaver.weave(bytes, Selection.location(domain));
            if (changed != null) {
                woven.add(name);
            }
            return changed;
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, name + " is not traced: " + e, e);
            return null;
        }
    }

    /** A loader that does not ask the boot loader for everything would fail at the first line. */
    private boolean seesBridge(ClassLoader loader) {
        Boolean known;
        synchronized (seeingBridge) {
            known = seeingBridge.get(loader);
        }
        if (known == null) {
            try {
                String name = Bridge.class.getName();
                known = Class.forName(name, false, loader) == Bridge.class;
            } catch (ClassNotFoundException | LinkageError e) {
                known = false;
            }
            synchronized (seeingBridge) {
                seeingBridge.put(loader, known);
            }
        }
        return known;
    }

    @Override
    public void line(int number, @Nullable Object @Nullable [] values) {
        try {
            Place place = places.find(number);
            if (place == null || printer.isCurrent() || askingValues.get() != null) {
                return;
            }
            if (printer.isFull()) {
                printer.lose();
                return;
            }
            printer.print(Thread.currentThread(), place, values == null ? "" : ask(place, values));
        } catch (Throwable t) { // as when the stack is full: the program must not see it
            printer.lose();
        }
    }

    /* What a value's own code runs is not traced. */
    private String ask(Place place, @Nullable Object[] values) {
        askingValues.set(true);
        try {
            return inWords(place, values);
        } finally {
            askingValues.remove();
        }
    }

    private static String inWords(Place place, @Nullable Object[] values) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? "" : " ")
                    .append(place.names().get(i))
                    .append('=')
                    .append(ValueText.of(values[i]));
        }
        return text.toString();
    }
}
