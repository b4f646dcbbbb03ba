package layering.broken.tpool;

import layering.broken.io.Stream;

/** Uses a layer above. */
public class Workers {
    Stream stream = new Stream();
}
