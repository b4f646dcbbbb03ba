package evy.stress;

import evy.Evy;
import evy.hubs.Hub;
import evy.hubs.Waiter;

import java.util.ArrayList;
import java.util.List;

/** Parks so many green threads, says so, wakes them all and waits for their end. */
final class ParkedThreads {
    private static int ended;

    private ParkedThreads() {}

    public static void main(String... args) {
        int count = Integer.parseInt(args[0]);
        Evy.run(
                () -> {
                    List<Waiter> waiters = new ArrayList<>(count);
                    for (int i = 0; i < count; i++) {
                        Evy.spawnN(() -> park(waiters));
                        if (i % 1000 == 0) {
                            Evy.yield();
                        }
                    }
                    Evy.yield();
                    System.out.println("parked " + waiters.size());
                    waiters.forEach(Waiter::wake);
                    while (Hub.current().statistics().live() > 1) {
                        Evy.yield();
                    }
                    System.out.println("ended " + ended);
                });
    }

    private static void park(List<Waiter> waiters) throws InterruptedException {
        Waiter waiter = Waiter.current("the end");
        waiters.add(waiter);
        waiter.await();
        ended++;
    }
}
