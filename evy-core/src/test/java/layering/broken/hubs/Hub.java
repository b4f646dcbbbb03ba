package layering.broken.hubs;

import layering.broken.internal.Upwards;
import layering.broken.sync.Queue;

import java.util.List;

/** A hub that uses an upper layer, and shows an internal type. */
public class Hub {
    Queue queue = new Queue();

    /** Internal in a public signature, as a type argument. */
    public List<Upwards> upwards() {
        return List.of();
    }
}
