package evy.tools;

import evy.Evy;
import evy.GreenThreadExit;
import evy.hubs.Greenlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/** A program ready to run: the class whose main method is called on a green thread. */
final class Program {
    private final Class<?> mainClass;

    Program(Class<?> mainClass) {
        this.mainClass = mainClass;
    }

    /** A class that this loader finds. */
    static Program ofClass(String name, ClassLoader loader) throws UsageException {
        var ifAbsent = "no class '" + name + "' on the class path; use -cp or CLASSPATH";
        return ofClass(name, loader, ifAbsent);
    }

    /** The main class of a jar. */
    static Program ofJar(Path file) throws UsageException, IOException {
        requireFile(file);
        String name;
        try (var jar = new JarFile(file.toFile())) {
            var manifest = jar.getManifest();
            name =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        } catch (java.util.zip.ZipException e) {
            throw new UsageException(file + ": not a jar: " + e.getMessage());
        }
        if (name == null) {
            throw new UsageException(file + ": no Main-Class in its manifest");
        }
        var loader = ProgramPath.loader(file.toString());
        return ofClass(name.strip(), loader, file + ": no class '" + name + "', its Main-Class");
    }

    static void requireFile(Path file) throws UsageException {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("no such file: " + file);
        }
    }

    private static Program ofClass(String name, ClassLoader loader, String ifAbsent)
            throws UsageException {
        try {
            return new Program(Class.forName(name, false, loader));
        } catch (ClassNotFoundException e) {
            throw new UsageException(ifAbsent);
        }
    }

    /**
     * Runs the main method on a green thread of the default hub and waits for its end. If that came
     * by a signal, ends the JVM with the signal's status.
     *
     * @throws Throwable what main threw, without the frames that lie below main
     */
    void run(String... args) throws Throwable {
        var main = MainMethod.of(mainClass);
        int status;
        try {
            status = Evy.run(() -> invoke(main, args));
        } catch (Throwable e) {
            StackTraces.trim(e);
            throw e;
        }
        if (status != 0) {
            System.exit(status);
        }
    }

    private int invoke(MainMethod main, String... args) throws Exception {
        Thread.currentThread().setContextClassLoader(mainClass.getClassLoader());
        try (var signals = TerminationSignals.kill(Greenlet.current())) {
            try {
                main.invoke(args);
            } catch (GreenThreadExit e) {
                if (signals.status() == 0) {
                    throw e;
                }
            }
            return signals.status();
        }
    }
}
