package evy.documentation.library;

import java.util.concurrent.Callable;

/** Stands for a library that documents import a green copy of. */
public final class Client implements Callable<String> {
    /** As libraries have it. */
    public Client() {}

    @Override
    public String call() throws InterruptedException {
        Thread.sleep(1);
        return "an answer";
    }
}
