package layering.broken;

/** The top of the broken sample: what its lower layers must not use, and do. */
public class Facade {}
