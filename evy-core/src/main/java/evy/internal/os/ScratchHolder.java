package evy.internal.os;

/** A thread that keeps its {@link Scratch} in a field, so that finding it costs no thread local. */
public interface ScratchHolder {
    /** The scratch memory of this thread, the same object at every call. */
    Scratch scratch();
}
