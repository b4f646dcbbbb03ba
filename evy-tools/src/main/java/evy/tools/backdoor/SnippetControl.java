package evy.tools.backdoor;

import evy.Evy;
import evy.GreenThread;
import evy.GreenThreadExit;
import evy.hubs.Greenlet;
import evy.hubs.Hub;

import jdk.jshell.execution.DirectExecutionControl;

import java.util.concurrent.Callable;

/**
 * Loads what JShell has compiled, and runs it in a green thread of the hub that serves. All else of
 * JShell's work, which calls this, is done in a native thread.
 *
 * <p>The native thread holds the turn to compile; it lets go of it while it waits for the green
 * thread.
 */
final class SnippetControl extends DirectExecutionControl {
    private final Hub hub;
    private final SnippetLoader loader;
    private final SessionOutput output;
    private final SharedCompiler compiler;

    SnippetControl(Hub hub, SnippetLoader loader, SessionOutput output, SharedCompiler compiler) {
        this.hub = hub;
        this.loader = loader;
        this.output = output;
        this.compiler = compiler;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException {
        for (var one : classes) {
            loader.declare(one.name(), one.bytecodes());
        }
        var done = new boolean[classes.length];
        try {
            for (var i = 0; i < classes.length; i++) {
                var _ =
                        findClass(classes[i].name())
                                .getDeclaredMethods(); // is what it names there?
                done[i] = true;
            }
        } catch (ClassNotFoundException | LinkageError | IllegalArgumentException e) {
            throw new ClassInstallException("load: " + e.getMessage(), done);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }

    @Override
    public String invoke(String className, String method)
            throws RunException, InternalException, EngineTerminationException {
        return onHub(() -> super.invoke(className, method));
    }

    /** Also on the hub: it calls {@code toString}. */
    @Override
    public String varValue(String className, String name)
            throws RunException, InternalException, EngineTerminationException {
        return onHub(() -> super.varValue(className, name));
    }

    /** The class path is the program's. */
    @Override
    public void addToClasspath(String path) throws NotImplementedException {
        throw new NotImplementedException("the class path is the program's");
    }

    private String onHub(Callable<String> call)
            throws RunException, InternalException, EngineTerminationException {
        GreenThread<String> thread;
        try {
            thread = Evy.spawn(hub, () -> run(call));
        } catch (IllegalStateException e) {
            throw new EngineTerminationException(e.getMessage());
        }
        compiler.release();
        try {
            return thread.join(); // throws what it threw, as it is
        } catch (GreenThreadExit | evy.hubs.HubClosed e) {
            throw new StoppedException();
        } finally {
            compiler.acquire();
        }
    }

    private String run(Callable<String> call) throws Exception {
        var thread = Thread.currentThread();
        thread.setContextClassLoader(loader);
        SessionStreams.enter(output);
        if (!loader.brake().run(Greenlet.current())) {
            throw new StoppedException();
        }
        return call.call();
    }
}
