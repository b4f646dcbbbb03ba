package layering.broken.pools;

import layering.broken.io.Stream;

/** Uses a layer above. */
public class Leases {
    Stream stream = new Stream();
}
