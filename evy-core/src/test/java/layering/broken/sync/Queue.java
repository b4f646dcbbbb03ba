package layering.broken.sync;

import layering.broken.Facade;
import layering.broken.hubs.Hub;

/** Uses the facade, and the hub that uses it. */
public class Queue {
    Facade facade = new Facade();
    Hub hub = new Hub();
}
