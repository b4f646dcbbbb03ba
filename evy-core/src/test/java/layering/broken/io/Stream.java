package layering.broken.io;

import layering.broken.Facade;

/** Uses the facade. */
public class Stream {
    Facade facade = new Facade();
}
