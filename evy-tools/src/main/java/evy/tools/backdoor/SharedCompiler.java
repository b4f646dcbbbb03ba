package evy.tools.backdoor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.Semaphore;

import javax.tools.StandardJavaFileManager;

/**
 * What the sessions of a back door share of the compiler: the turn to compile, as one at a time is
 * enough load beside a server, and the open files of the class path.
 *
 * @thread any that may block
 */
final class SharedCompiler {
    /* Not fair: who comes back from the hub has little left to do, and is not to stand in line again. */
    private final Semaphore turn = new Semaphore(1);
    private final ClassLoader program;
    // guarded by the turn
    private @Nullable ProgramClasses files;

    SharedCompiler(ClassLoader program) {
        this.program = program;
    }

    /** The loader of the program that snippets are part of. */
    ClassLoader program() {
        return program;
    }

    /** Waits for the turn. */
    void acquire() {
        turn.acquireUninterruptibly();
    }

    /** Gives the turn to the next. */
    void release() {
        turn.release();
    }

    /** The program's classes, for who has the turn. The first caller's file manager reads them. */
    StandardJavaFileManager files(StandardJavaFileManager manager) {
        var shared = files;
        if (shared == null) {
            shared = new ProgramClasses(manager, program);
            files = shared;
        }
        return shared;
    }

    /** Closes the files when it is its turn. */
    void close() {
        acquire();
        try {
            var shared = files;
            files = null;
            if (shared != null) {
                shared.close();
            }
        } catch (IOException e) {
            System.getLogger("evy.tools.backdoor")
                    .log(System.Logger.Level.DEBUG, "the class path could not be closed", e);
        } finally {
            release();
        }
    }
}
