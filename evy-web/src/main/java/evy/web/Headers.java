package evy.web;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The fields of a message, in order. Names are compared without regard to case, and may come more
 * than once. Immutable.
 *
 * <p>Those of a request look at the bytes received, and make a string only of what is asked for;
 * they are valid as long as the request is. {@link #copy} keeps them for longer.
 */
public sealed interface Headers extends Iterable<Headers.Field> permits HeaderList, RequestHeaders {
    /**
     * One field.
     *
     * @param name as written
     * @param value without blanks around it
     */
    record Field(String name, String value) {}

    /** {@return no fields} */
    static Headers empty() {
        return HeaderList.EMPTY;
    }

    /**
     * Makes fields.
     *
     * @param namesAndValues name, value, name, value, …
     * @return the fields
     * @throws IllegalArgumentException if a name is no token, a value has control characters or
     *     what is not Latin-1, or the last name has no value
     */
    static Headers of(String... namesAndValues) {
        return HeaderList.of(namesAndValues);
    }

    /**
     * The value of a field.
     *
     * @param name in any case
     * @return that of the first, null if there is none
     */
    @Nullable String get(String name);

    /**
     * The values of a field.
     *
     * @param name in any case
     * @return one for each line
     */
    List<String> all(String name);

    /**
     * The values of a field in one, as if it had been sent in one line.
     *
     * @param name in any case
     * @return the values with commas between, null if there is none
     */
    default @Nullable String joined(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : String.join(",", values);
    }

    /**
     * Asks whether there is such a field.
     *
     * @param name in any case
     * @return true if there is at least one
     */
    boolean contains(String name);

    /**
     * Asks whether a field that is a list has an element.
     *
     * @param name of the field, in any case
     * @param token the element, in any case
     * @return true if one of the lines has it
     */
    default boolean hasToken(String name, String token) {
        for (String value : all(name)) {
            for (String element : value.split(",", -1)) {
                if (element.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return how many fields there are} */
    int size();

    /**
     * A field by its place.
     *
     * @param index from 0
     * @return the field
     */
    Field field(int index);

    /** {@return the same, valid for ever} */
    Headers copy();

    /**
     * The same and one more field at the end.
     *
     * @param name a token
     * @param value without control characters
     * @return new fields
     * @throws IllegalArgumentException if it cannot be sent
     */
    default Headers with(String name, String value) {
        return HeaderList.copyOf(this).with(name, value);
    }

    /**
     * The same without a field.
     *
     * @param name in any case
     * @return new fields
     */
    default Headers without(String name) {
        return HeaderList.copyOf(this).without(name);
    }
}
